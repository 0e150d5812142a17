import { findIpAddresses } from '../extract/ip-addresses.ts';
import { findMailAddresses } from '../extract/mail-addresses.ts';
import { toOneLine, toPlainText } from '../extract/plain-text.ts';
import { toScanText } from '../extract/scan-text.ts';

/** Text beyond this is neither shown nor searched; the raw record keeps it. */
const LONGEST_TEXT = 256 * 1024;

/** What an alert's words say, and what was found in them. */
export interface RecordText {
  title: string;
  description: string;
  /** Mail addresses, lower case, in the order of their first appearance. */
  mailAddresses: readonly string[];
  ipAddresses: readonly string[];
  networks: readonly string[];
}

/** Makes title and description readable and looks through both; pure. What it had to cut is named in `incomplete`. */
export function readText(
  given: { title?: string | undefined; description?: string | undefined },
  incomplete: string[],
): RecordText {
  const title = toOneLine(given.title ?? '');
  const description = toDescription(given.description ?? '', incomplete);
  const text = toScanText(`${description}\n${title}`).slice(0, LONGEST_TEXT);
  const { addresses, networks } = findIpAddresses(text);
  return { title, description, mailAddresses: findMailAddresses(text), ipAddresses: addresses, networks };
}

function toDescription(description: string, incomplete: string[]): string {
  if (description.length <= LONGEST_TEXT) return toPlainText(description);
  incomplete.push('description after its first 256 KiB');
  return toPlainText(description.slice(0, LONGEST_TEXT));
}
