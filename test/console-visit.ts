import { request } from 'node:http';

/** An answer of the console. */
export interface Seen {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  text: string;
}

/** Somebody who looks at the console without a browser: keeps cookies, follows redirects, sends forms of the page. */
export class Visit {
  readonly #origin: string;
  readonly #cookies = new Map<string, string>();

  constructor(origin: string) {
    this.#origin = origin;
  }

  async get(path: string, method: 'GET' | 'HEAD' = 'GET'): Promise<Seen> {
    return this.#send(path, { method });
  }

  /** Sends a form as the page at `from` would: with its token, and follows to where it leads. */
  async post(path: string, form: readonly (readonly [string, string])[], from = '/settings'): Promise<Seen> {
    const token = /name="token" value="([^"]+)"/.exec((await this.get(from)).text)?.[1] ?? '';
    const body = new URLSearchParams([
      ['token', token],
      ...form.map(([name, value]): [string, string] => [name, value]),
    ]);
    const answer = await this.#send(path, { method: 'POST', body: body.toString(), from });
    return answer.status === 303 ? this.get(String(answer.headers.location)) : answer;
  }

  #send(path: string, { method, body, from }: { method: string; body?: string; from?: string }): Promise<Seen> {
    const headers: Record<string, string> = {
      cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      ...(from === undefined ? {} : { origin: this.#origin, referer: `${this.#origin}${from}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    };
    return new Promise((resolve, reject) => {
      const sent = request(`${this.#origin}${path}`, { method, headers, agent: false }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        answer.on('end', () => {
          for (const cookie of answer.headers['set-cookie'] ?? []) this.#keep(cookie);
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
        });
      });
      sent.on('error', reject).end(body);
    });
  }

  #keep(cookie: string): void {
    const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split(/=(.*)/s);
    if (value === '' || /max-age=0/i.test(cookie)) this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }
}
