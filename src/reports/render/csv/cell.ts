/**
 * What spreadsheets take for the beginning of a formula, also behind blanks: `=`, `+`, `-`, `@` and their full-width
 * forms; and a tab, line end or NUL at the very beginning (OWASP ASVS 5.0, 1.2.10; OWASP "CSV Injection").
 */
const FORMULA = /^(?:[\s\p{Cf}\u0000]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n\u0000])/u;

/** A number as every program reads it, so no formula either. */
const NUMBER = /^-?\d{1,15}(?:\.\d{1,15})?$/;

/** Writes one cell so that no spreadsheet runs it, quoted where RFC 4180 §2.5 to 2.7 ask for it. */
export function csvCell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = value.toWellFormed();
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows with CRLF behind each (RFC 4180 §2.1). */
export function csvText(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}
