import type { Severity } from '../domain/alert.ts';

/** How soon an issue of this severity is to be acknowledged and resolved, in milliseconds. */
export interface SlaTarget {
  acknowledgeMs?: number;
  resolveMs?: number;
}

/** When the clock of an SLA runs. Absent: always. Minutes count from midnight in the reports' zone. */
export interface BusinessHours {
  /** ISO weekdays, 1 is Monday. */
  days: readonly number[];
  fromMinute: number;
  toMinute: number;
}

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
