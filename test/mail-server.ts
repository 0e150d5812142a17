import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface TakenMail {
  from: string;
  to: readonly string[];
  /** The whole message as it came. */
  text: string;
}

/** A real SMTP server on loopback that keeps what it takes. */
export class MailServer {
  readonly taken: TakenMail[] = [];
  /** Takes nothing for now. */
  refuse = false;
  /** Recipients that are refused, each with the code. */
  readonly refused = new Map<string, number>();
  readonly #server: SMTPServer;

  private constructor() {
    this.#server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onRcptTo: ({ address }, _, done) => {
        const responseCode = this.refused.get(address);
        if (responseCode === undefined) return done();
        done(Object.assign(new Error(`no mail for ${address} here`), { responseCode }));
      },
      onData: (stream, { envelope }, done) => {
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => parts.push(part));
        stream.on('end', () => {
          if (this.refuse) return done(Object.assign(new Error('try later'), { responseCode: 451 }));
          const from = envelope.mailFrom ? envelope.mailFrom.address : '';
          const to = envelope.rcptTo.map(({ address }) => address);
          this.taken.push({ from, to, text: Buffer.concat(parts).toString('utf8') });
          done();
        });
      },
    });
  }

  static async start(): Promise<MailServer> {
    const server = new MailServer();
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', () => resolve()));
    return server;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.#server.server.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}
