import { createTransport } from 'nodemailer';
import type { ReportsConfig } from '../../config/reports-config.ts';
import { MINUTE_MS, SECOND_MS } from '../../domain/time.ts';
import { Redactor } from '../../observe/redact.ts';
import type { MailSays } from './mail-words.ts';

type MailConfig = NonNullable<NonNullable<ReportsConfig['deliver']>['mail']>;

const TIMES = {
  connectionTimeout: 30 * SECOND_MS,
  greetingTimeout: 30 * SECOND_MS,
  socketTimeout: 2 * MINUTE_MS,
  dnsTimeout: 30 * SECOND_MS,
};

/**
 * Hands a mail to the server, encrypted unless the server is on this machine. `id` is the same for each try of one
 * mail, so that a mail whose acceptance was not heard can be told from a second one by those who get both.
 * @throws Error in the server's words when it does not take the mail for everyone.
 */
export async function postMail(
  { server, from, to }: MailConfig,
  mail: MailSays & { id: string; date: Date },
): Promise<void> {
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
  try {
    const answer = await transport.sendMail({
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
    });
    if (answer.rejected.length > 0)
      throw new Error(`the mail server did not take it for ${answer.rejected.map(String).join(', ')}`);
  } catch (error) {
    // What the server says is stored and shown, and may repeat what it was sent.
    const redactor = new Redactor();
    redactor.add(decodeURIComponent(url.password));
    redactor.add(
      Buffer.from(`\0${decodeURIComponent(url.username)}\0${decodeURIComponent(url.password)}`).toString('base64'),
    );
    throw new Error(redactor.clean(error instanceof Error ? error.message : String(error)), { cause: error });
  } finally {
    transport.close();
  }
}
