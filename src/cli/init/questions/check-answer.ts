import * as v from 'valibot';
import { baseUrl, entraTenant, guid, identifier } from '../../../config/shape/leaf.ts';

/** Why an answer will not do as such a value of the configuration; `undefined` when it will. */
export type Refuse = (answer: string) => string | undefined;

function by(schema: v.GenericSchema<string, unknown>): Refuse {
  return (answer) => {
    const [issue] = v.safeParse(schema, answer).issues ?? [];
    return issue?.message.replaceAll('%s', () => JSON.stringify(answer));
  };
}

export const refuseUrl: Refuse = by(baseUrl(''));
export const refuseTenantName: Refuse = by(identifier('tenant'));
export const refuseEntraTenant: Refuse = by(entraTenant(''));
export const refuseClientId: Refuse = by(guid(''));

/** A URL as a person copies it from a browser, cut down to the base that the API hangs on. */
export function toSiteUrl(typed: string): string {
  const url = URL.parse(typed);
  if (url && /\.(atlassian\.net|jira\.com)$/.test(url.hostname)) return url.origin;
  return typed.replace(/\/+$/, '');
}
