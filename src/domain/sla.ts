/** How soon an issue of one severity is to be acknowledged and resolved, in milliseconds. */
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
