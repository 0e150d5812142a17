import type { Severity } from '../domain/alert.ts';
import type { BusinessHours, SlaTarget } from '../domain/sla.ts';

export interface ReportsConfig {
  /** IANA name. */
  timezone: string;
  sla: Readonly<Partial<Record<Severity, SlaTarget>>>;
  businessHours?: BusinessHours;
  /** Absent: `serve` makes none. */
  deliver?: {
    when: readonly ('daily' | 'weekly' | 'monthly')[];
    formats: readonly ('text' | 'html' | 'pdf' | 'csv' | 'json')[];
    /** Absolute path. */
    folder: string;
    pseudonymise: boolean;
    mail?: { server: string; from: string; to: readonly string[] };
  };
}
