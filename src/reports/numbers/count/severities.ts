import { SEVERITIES, type Severity } from '../../../domain/alert.ts';

/** A value for each severity, most urgent first. */
export function bySeverity<T>(make: (severity: Severity) => T): Record<Severity, T> {
  return Object.fromEntries(SEVERITIES.map((severity) => [severity, make(severity)])) as Record<Severity, T>;
}
