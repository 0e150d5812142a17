import { domainToASCII } from 'node:url';
import { createTransport } from 'nodemailer';
import type { ReportsConfig } from '../../config/reports-config.ts';
import { MINUTE_MS, SECOND_MS } from '../../domain/time.ts';
import type { RecipientEnd } from '../../ledger/deliveries/deliveries-port.ts';
import { Redactor } from '../../observe/redact.ts';
import type { MailSays } from './mail-words.ts';

type MailConfig = NonNullable<NonNullable<ReportsConfig['deliver']>['mail']>;

const TIMES = {
  connectionTimeout: 30 * SECOND_MS,
  greetingTimeout: 30 * SECOND_MS,
  socketTimeout: 2 * MINUTE_MS,
  dnsTimeout: 30 * SECOND_MS,
};

/** How one try ended for one recipient; `later`: the server asks to try again. */
export interface PostedTo extends RecipientEnd {
  later?: string;
}

/**
 * Hands a mail to the server, encrypted unless the server is on this machine. `id` is the same for each try of one
 * mail, so that a mail whose acceptance was not heard can be told from a second one by those who get both.
 * What the server says of a recipient, or of the mail itself, is final with 5xx (RFC 5321 §4.2.1).
 * @throws Error in the server's words when nothing can be said of any recipient: no connection, no sign-in, a sender
 * that it does not know.
 */
export async function postMail(
  { server, from, to }: MailConfig,
  mail: MailSays & { id: string; date: Date },
): Promise<readonly PostedTo[]> {
  const url = new URL(server);
  const isHere = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  const transport = createTransport({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    ...(url.port ? { port: Number(url.port) } : {}),
    secure: url.protocol === 'smtps:',
    requireTLS: url.protocol === 'smtp:' && !isHere,
    ignoreTLS: url.protocol === 'smtp:' && isHere,
    ...(url.username
      ? { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }
      : {}),
    tls: { minVersion: 'TLSv1.2' },
    // What a report says is never a path or an address to be read.
    disableFileAccess: true,
    disableUrlAccess: true,
    ...TIMES,
  });
  // What the server says is stored and shown, and may repeat what it was sent.
  const redactor = new Redactor();
  const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  redactor.add(password);
  redactor.add(Buffer.from(`\0${user}\0${password}`).toString('base64'));
  const wordsOf = (error: unknown) => redactor.clean(error instanceof Error ? error.message : String(error));
  try {
    const { rejectedErrors = [] } = (await transport.sendMail({
      from,
      to: [...to],
      subject: mail.subject,
      text: mail.text,
      messageId: mail.id,
      date: mail.date,
      headers: { 'Auto-Submitted': 'auto-generated' },
      attachments: mail.attachments.map(({ fileName, mediaType, bytes }) => ({
        filename: fileName,
        contentType: mediaType,
        content: Buffer.from(bytes),
      })),
    })) as Refusals;
    return to.map((address) => endOf(address, rejectedErrors, wordsOf));
  } catch (error) {
    const { command, responseCode = 0, rejectedErrors = [] } = error as Refusals & SmtpError;
    if (command === 'RCPT TO') return to.map((address) => endOf(address, rejectedErrors, wordsOf));
    // The mail itself is refused, for whomever it was meant.
    if (command === 'DATA' && responseCode >= 500)
      return to.map((address) => {
        const own = endOf(address, rejectedErrors, wordsOf);
        return own.refused === undefined && own.later === undefined ? { address, refused: wordsOf(error) } : own;
      });
    throw new Error(wordsOf(error), { cause: error });
  } finally {
    transport.close();
  }
}

/** What nodemailer says of each refused recipient. */
interface SmtpError extends Error {
  /** What the server answered to, such as `RCPT TO`. */
  command?: string;
  /** The server's reply code; absent: the connection ended. */
  responseCode?: number;
  recipient?: string;
}

interface Refusals {
  rejectedErrors?: readonly SmtpError[];
}

function endOf(address: string, errors: readonly SmtpError[], wordsOf: (error: unknown) => string): PostedTo {
  const error = errors.find(({ recipient = '' }) => asSent(recipient) === asSent(address));
  if (!error) return { address };
  return (error.responseCode ?? 0) >= 500 ? { address, refused: wordsOf(error) } : { address, later: wordsOf(error) };
}

/** An address as it goes to the server: alone, its domain in ASCII. */
function asSent(address: string): string {
  const [, alone = address] = /<([^<>]*)>\s*$/.exec(address) ?? [];
  const at = alone.lastIndexOf('@');
  return `${alone.slice(0, at)}@${domainToASCII(alone.slice(at + 1))}`.trim();
}
