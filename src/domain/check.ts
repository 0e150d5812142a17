/** One line of a `check`: what was looked at, how it stands, and the mend where it does not stand well. */
export interface CheckLine {
  /** `jira default`, `tenant contoso`, `abuseipdb` … */
  subject: string;
  level: 'ok' | 'warning' | 'error';
  says: string;
  mend?: string;
  /** Lines that the mend tells to copy, as they are. */
  paste?: readonly string[];
}
