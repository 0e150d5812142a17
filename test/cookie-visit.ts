import { request } from 'node:http';

export interface Got {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  text: string;
}

export interface Sent {
  form?: Readonly<Record<string, string>>;
  headers?: Readonly<Record<string, string>>;
}

/** A browser as far as it matters here: it keeps cookies, names where it comes from, and follows nothing by itself. */
export class Visit {
  readonly origin: string;
  readonly cookies = new Map<string, string>();
  /** `Set-Cookie` as it came, newest last. */
  readonly written: string[] = [];

  constructor(origin: string) {
    this.origin = origin;
  }

  get(path: string, sent: Sent = {}): Promise<Got> {
    return this.#send('GET', path, sent);
  }

  /** Posts a form of this console's own page. */
  post(path: string, form: Readonly<Record<string, string>>, headers: Sent['headers'] = {}): Promise<Got> {
    const own = { origin: this.origin, 'sec-fetch-site': 'same-origin', referer: `${this.origin}/` };
    return this.#send('POST', path, { form, headers: { ...own, ...headers } });
  }

  /** The token that the forms of a page carry. */
  async token(path = '/'): Promise<string> {
    const { text } = await this.get(path);
    return /name="token" value="([^"]+)"/.exec(text)?.[1] ?? '';
  }

  #send(method: string, path: string, { form, headers = {} }: Sent): Promise<Got> {
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
      sent.on('error', reject).end(form && new URLSearchParams(form).toString());
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
