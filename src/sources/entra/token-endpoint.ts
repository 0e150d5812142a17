import { EdgeFailure } from '../../domain/failure.ts';
import { type Clock, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../domain/time.ts';
import type { HttpAnswer, HttpClient } from '../../http/http-client.ts';
import { retryAfterMs } from '../../http/retry-after.ts';
import type { Redactor } from '../../observe/redact.ts';
import { toOneLine } from '../extract/plain-text.ts';
import { type SignInTrouble, troubleOf } from './aadsts.ts';
import { clientAssertion, type EntraCredential } from './credential.ts';

/** One application in one tenant of Entra. */
export interface EntraSignIn {
  /** Base URL of the sign-in service, without a trailing slash. */
  authority: string;
  /** GUID or verified domain of the tenant in which the token is asked for. */
  tenantId: string;
  clientId: string;
  credential: EntraCredential;
}

export interface EndpointParts {
  http: HttpClient;
  clock: Clock;
  /** Learns assertions before they leave, so that no error repeats them. */
  redactor: Redactor;
}

export interface IssuedToken {
  token: string;
  lifetimeMs: number;
}

/** A sign-in that Entra refused because of the credential itself: one that was changed meanwhile may do. */
export class CredentialRefused extends EdgeFailure {}

const DEADLINE_MS = 20 * SECOND_MS;

/** How much of Entra's own words is shown. */
const WORDS = 300;

/**
 * Asks once for a token by client credentials (Microsoft Learn, "OAuth 2.0 client credentials flow", read 2026-11).
 * @throws EdgeFailure, a `CredentialRefused` among them; its message never holds a part of an answer that may carry a token.
 */
export async function requestToken(signIn: EntraSignIn, scope: string, parts: EndpointParts): Promise<IssuedToken> {
  const { http, redactor } = parts;
  const url = new URL(`${signIn.authority}/${encodeURIComponent(signIn.tenantId)}/oauth2/v2.0/token`);
  const proof = await proofOf(signIn, url.href, parts);
  if ('client_assertion' in proof) redactor.add(proof.client_assertion);
  try {
    const answer = await http.send({
      method: 'POST',
      path: url.pathname,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        client_id: signIn.clientId,
        scope,
        grant_type: 'client_credentials',
        ...proof,
      }).toString(),
      deadlineMs: DEADLINE_MS,
      effect: 'read',
      answersSecret: true,
    });
    return answer.status === 200 ? toToken(answer, signIn) : refuse(answer, signIn, parts.clock);
  } finally {
    if ('client_assertion' in proof) redactor.forget(proof.client_assertion);
  }
}

async function proofOf({ credential, clientId }: EntraSignIn, audience: string, { clock }: EndpointParts) {
  if (credential.kind === 'secret') return { client_secret: credential.secret };
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await clientAssertion({ pem: credential.pem, clientId, audience, now: clock.now() }),
  };
}

function toToken(answer: HttpAnswer, signIn: EntraSignIn): IssuedToken {
  const body = parseObject(answer.text);
  const seconds = Number(body?.expires_in);
  if (typeof body?.access_token === 'string' && body.access_token !== '' && seconds > 0)
    return { token: body.access_token, lifetimeMs: seconds * SECOND_MS };
  const what = `Entra at ${signIn.authority} answered 200 without a token`;
  throw new EdgeFailure('malformed', what, {
    status: 200,
    mend: 'check auth.authority; a sign-in page or a proxy may stand before it',
  });
}

function refuse(answer: HttpAnswer, signIn: EntraSignIn, clock: Clock): never {
  const { status } = answer;
  const body = parseObject(answer.text);
  const words = wordsOf(body, answer.text);
  const codes = codesOf(body);
  const key = signIn.credential.kind === 'secret' ? 'clientSecret' : 'certificate';
  const [known] = codes.flatMap((code) => {
    const trouble = troubleOf(code, { ...signIn, key });
    return trouble ? [{ code, trouble }] : [];
  });
  const trouble: SignInTrouble = known?.trouble ?? unknownTrouble(status, body, signIn);
  const name = known ? ` (AADSTS${known.code})` : codes[0] === undefined ? '' : ` (AADSTS${codes[0]})`;
  const what = `Entra does not sign app ${signIn.clientId} in to tenant ${signIn.tenantId}: ${trouble.says}${name}`;
  const waitMs = retryAfterMs(answer.headers['retry-after'], clock.now(), HOUR_MS);
  const details = {
    status,
    ...(words ? { vendorSays: words } : {}),
    ...(trouble.mend ? { mend: trouble.mend } : {}),
    ...(trouble.kind === 'rate-limited' ? { retryAfterMs: waitMs ?? MINUTE_MS } : {}),
  };
  throw trouble.credential
    ? new CredentialRefused(trouble.kind, what, details)
    : new EdgeFailure(trouble.kind, what, details);
}

/** By status and OAuth's own word (RFC 6749 §5.2) where the table has no row. */
function unknownTrouble(
  status: number,
  body: Record<string, unknown> | undefined,
  { authority }: EntraSignIn,
): SignInTrouble {
  const said = firstSentence(String(body?.error_description ?? '')) || `it answered ${status}`;
  if (status === 429) return { kind: 'rate-limited', says: 'too many requests', mend: '' };
  if (status >= 500 || body?.error === 'temporarily_unavailable') return { kind: 'unavailable', says: said, mend: '' };
  if (body?.error === undefined)
    return {
      kind: 'refused',
      says: `${authority} answered ${status}, not in the way of a token endpoint`,
      mend: 'check auth.authority',
    };
  return {
    kind: 'unauthorised',
    says: said,
    mend: 'https://login.microsoftonline.com/error explains the code',
    credential: body.error === 'invalid_client',
  };
}

/** Codes by field, else by the text that begins with one ("error_codes" is documented as diagnostic only). */
function codesOf(body: Record<string, unknown> | undefined): number[] {
  const listed = Array.isArray(body?.error_codes) ? body.error_codes.filter((code) => typeof code === 'number') : [];
  const [, written] = /AADSTS(\d{4,9})\b/.exec(String(body?.error_description ?? '')) ?? [];
  return [...listed, ...(written === undefined ? [] : [Number(written)])];
}

function firstSentence(description: string): string {
  const [line = ''] = description.replace(/^AADSTS\d+:\s*/, '').split(/[\r\n]/, 1);
  return toOneLine(line).replace(/\.$/, '').slice(0, WORDS);
}

/** Entra's description without the ids and the time that follow it, which differ each time; the trace id is kept. */
function wordsOf(body: Record<string, unknown> | undefined, text: string): string {
  if (typeof body?.error_description !== 'string') return toOneLine(text.slice(0, 4 * WORDS)).slice(0, WORDS);
  const trace = typeof body.trace_id === 'string' ? ` (trace ${toOneLine(body.trace_id).slice(0, 40)})` : '';
  return `${firstSentence(body.error_description)}${trace}`;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
