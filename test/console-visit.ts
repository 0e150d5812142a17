import { request } from 'node:http';

/** An answer of the console. */
export interface Seen {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  text: string;
}

/** Fields by name, or one after the other where names repeat. */
export type Form = Readonly<Record<string, string>> | readonly (readonly [string, string])[];

export interface Sent {
  method?: 'GET' | 'HEAD';
  form?: Form;
  headers?: Readonly<Record<string, string>>;
}

/** A browser as far as it matters here: it keeps cookies, names where it comes from, and sends the forms of pages. */
export class Visit {
  readonly origin: string;
  readonly cookies = new Map<string, string>();
  /** `Set-Cookie` as it came, newest last. */
  readonly written: string[] = [];

  constructor(origin: string) {
    this.origin = origin;
  }

  get(path: string, sent: Sent = {}): Promise<Seen> {
    return this.#send(sent.method ?? 'GET', path, sent);
  }

  /** Sends a form as the page at `from` would, with its token, and follows to where it leads. */
  async submit(path: string, form: Form = [], from = '/settings'): Promise<Seen> {
    const referer = `${this.origin}${from}`;
    const answer = await this.post(path, [['token', await this.token(from)], ...entriesOf(form)], { referer });
    return answer.status === 303 ? this.get(String(answer.headers.location)) : answer;
  }

  /** Posts a form of this console's own page, as it stands; leads nowhere by itself. */
  post(path: string, form: Form, headers: Sent['headers'] = {}): Promise<Seen> {
    const own = { origin: this.origin, 'sec-fetch-site': 'same-origin', referer: `${this.origin}/` };
    return this.#send('POST', path, { form, headers: { ...own, ...headers } });
  }

  /** The token that the forms of a page carry. */
  async token(path = '/'): Promise<string> {
    const { text } = await this.get(path);
    return /name="token" value="([^"]+)"/.exec(text)?.[1] ?? '';
  }

  #send(method: string, path: string, { form, headers = {} }: Sent): Promise<Seen> {
    return new Promise((resolve, reject) => {
      const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const type = form ? { 'content-type': 'application/x-www-form-urlencoded' } : {};
      const all = { ...(cookie === '' ? {} : { cookie }), ...type, ...headers };
      const sent = request(new URL(path, this.origin), { method, headers: all, agent: false }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        answer.on('end', () => {
          this.#keep(answer.headers['set-cookie'] ?? []);
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
        });
      });
      sent.on('error', reject).end(form && new URLSearchParams(entriesOf(form)).toString());
    });
  }

  #keep(lines: readonly string[]): void {
    for (const line of lines) {
      this.written.push(line);
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/max-age=0/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }
}

function entriesOf(form: Form): [string, string][] {
  const entries = Array.isArray(form) ? (form as readonly (readonly [string, string])[]) : Object.entries(form);
  return entries.map(([name, value]) => [name, value]);
}
