import { createHmac, timingSafeEqual } from 'node:crypto';
import { html } from 'hono/html';
import type { Html } from './page.ts';

/** The name of the hidden field. */
export const TOKEN_FIELD = 'token';

/** What a form has to carry: only who was shown a page in this session or visit can know it. */
export function formToken(binding: string, key: Buffer): string {
  return createHmac('sha256', key).update(`form:${binding}`).digest('base64url');
}

export function tokenField(binding: string, key: Buffer): Html {
  return html`<input type="hidden" name="${TOKEN_FIELD}" value="${formToken(binding, key)}">`;
}

export function carriesToken(form: URLSearchParams, binding: string, key: Buffer): boolean {
  const [is, ought] = [Buffer.from(form.get(TOKEN_FIELD) ?? ''), Buffer.from(formToken(binding, key))];
  return is.length === ought.length && timingSafeEqual(is, ought);
}
