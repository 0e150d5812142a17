import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import { postMail } from './post-mail.ts';

interface Taken {
  from: string;
  to: readonly string[];
  text: string;
  secure: boolean;
  user?: unknown;
}

describe('a mail', () => {
  const servers: SMTPServer[] = [];

  afterEach(async () => {
    for (const server of servers.splice(0)) await new Promise<void>((resolve) => server.close(() => resolve()));
  });

  /** A real SMTP server on loopback that keeps what it takes. */
  async function listen(options: SMTPServerOptions = {}): Promise<{ port: number; taken: Taken[] }> {
    const taken: Taken[] = [];
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onAuth: (auth, _, done) =>
        done(null, { user: auth.username === 'soc' && auth.password === 'p@ss/1' ? 'soc' : '' }),
      onData(stream, session, done) {
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => parts.push(part));
        stream.on('end', () => {
          const { mailFrom, rcptTo } = session.envelope;
          taken.push({
            from: mailFrom ? mailFrom.address : '',
            to: rcptTo.map(({ address }) => address),
            text: Buffer.concat(parts).toString('utf8'),
            secure: session.secure,
            user: session.user,
          });
          done();
        });
      },
      ...options,
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    return { port: (server.server.address() as AddressInfo).port, taken };
  }

  const says = {
    id: '<casewire-monthly-2026-10@example.com>',
    date: new Date('2026-11-01T06:00:00Z'),
    subject: 'Casewire: monthly report 2026-10',
    text: 'fifteen alerts',
    attachments: [{ fileName: '2026-10-monthly.pdf', mediaType: 'application/pdf', bytes: Buffer.from('%PDF-1.7') }],
  };
  const to = ['lead@example.com', 'second@example.com'];

  it('reaches everyone with its text and its reports, and is the same mail whenever it is sent', async () => {
    const { port, taken } = await listen();
    await postMail({ server: `smtp://127.0.0.1:${port}`, from: 'soc@example.com', to }, says);
    await postMail({ server: `smtp://127.0.0.1:${port}`, from: 'soc@example.com', to }, says);
    const [mail] = taken;
    expect(mail).toMatchObject({ from: 'soc@example.com', to });
    expect(mail?.text).toContain('Message-ID: <casewire-monthly-2026-10@example.com>');
    expect(mail?.text).toContain('Subject: Casewire: monthly report 2026-10');
    expect(mail?.text).toContain('Auto-Submitted: auto-generated');
    expect(mail?.text).toContain('fifteen alerts');
    expect(mail?.text).toContain('filename=2026-10-monthly.pdf');
    expect(mail?.text).toContain(Buffer.from('%PDF-1.7').toString('base64'));
    expect(new Set(taken.map(({ text }) => /Message-ID: .*/.exec(text)?.[0])).size).toBe(1);
  });

  it('signs in with what the address says, decoded', async () => {
    const { port, taken } = await listen({ authOptional: false, allowInsecureAuth: true });
    await postMail({ server: `smtp://soc:p%40ss%2F1@127.0.0.1:${port}`, from: 'soc@example.com', to }, says);
    expect(taken).toMatchObject([{ user: 'soc' }]);
  });

  it.each([
    [550, 'refused'],
    [452, 'later'],
  ])('reaches the others when the server answers %i to one, which is told in its words', async (responseCode, word) => {
    const refuse = Object.assign(new Error('no such mailbox here'), { responseCode });
    const { port, taken } = await listen({
      onRcptTo: ({ address }, _, done) => (address.startsWith('second') ? done(refuse) : done()),
    });
    const ends = await postMail({ server: `smtp://127.0.0.1:${port}`, from: 'soc@example.com', to }, says);
    expect(ends).toEqual([
      { address: 'lead@example.com' },
      { address: 'second@example.com', [word]: expect.stringContaining(`${responseCode} no such mailbox here`) },
    ]);
    expect(taken.map((mail) => mail.to)).toEqual([['lead@example.com']]);
  });

  it('says of each recipient how it ended when all are refused, or the mail itself is', async () => {
    const no = (responseCode: number) => Object.assign(new Error('not here'), { responseCode });
    const none = await listen({
      onRcptTo: ({ address }, _, done) => done(no(address.startsWith('second') ? 450 : 550)),
    });
    const refused = await postMail({ server: `smtp://127.0.0.1:${none.port}`, from: 'soc@example.com', to }, says);
    expect(refused.map((one) => Object.keys(one))).toEqual([
      ['address', 'refused'],
      ['address', 'later'],
    ]);
    const large = await listen({ onData: (stream, _, done) => stream.resume().on('end', () => done(no(552))) });
    const tooLarge = await postMail({ server: `smtp://127.0.0.1:${large.port}`, from: 'soc@example.com', to }, says);
    expect(tooLarge).toEqual(to.map((address) => ({ address, refused: expect.stringContaining('552 not here') })));
  });

  it('fails without a word of the password', async () => {
    const { port } = await listen({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: (auth, _, done) => done(new Error(`Invalid login: ${auth.username} ${auth.password}`)),
    });
    const server = `smtp://soc:hunter2hunter2@127.0.0.1:${port}`;
    const failure = await postMail({ server, from: 'soc@example.com', to }, says).catch((error: Error) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(String(failure)).toContain('Invalid login');
    expect(String(failure)).not.toContain('hunter2');
  });

  it('does not go unencrypted to a server that cannot do better, unless that is this machine', async () => {
    const { port, taken } = await listen();
    // 127.0.0.1 in the clothes of IPv6, by which the product does not know this machine.
    const server = `smtp://[::ffff:127.0.0.1]:${port}`;
    await expect(postMail({ server, from: 'soc@example.com', to }, says)).rejects.toThrow(/STARTTLS/);
    expect(taken).toEqual([]);
  });
});
