import * as v from 'valibot';
import type { Config } from '../../config/config.ts';
import type { CheckLine } from '../../domain/check.ts';
import { EdgeFailure } from '../../domain/failure.ts';
import { SECOND_MS } from '../../domain/time.ts';
import type { HttpClient } from '../../http/http-client.ts';

/** What the sign-in uses of what a provider says of itself (OpenID Connect Discovery 1.0 §3). */
const metadata = v.object({
  issuer: v.string(),
  authorization_endpoint: v.string(),
  token_endpoint: v.string(),
  jwks_uri: v.string(),
});

const NOBODY_SIGNS_IN: CheckLine = {
  subject: 'sign-in',
  level: 'warning',
  says: 'service.publicUrl is set and service.auth is not: what a proxy passes on reaches the webhooks, not the console',
  mend: 'set service.auth for people who open the console there; for webhooks alone pass only /webhooks/jira on',
};

const DEADLINE_MS = 10 * SECOND_MS;

export type AskProvider = (issuer: string) => Pick<HttpClient, 'send'>;

/** Whether the provider that people sign in with is there, and is the one that the configuration names. */
export async function checkSignIn({ service }: Pick<Config, 'service'>, ask: AskProvider): Promise<CheckLine[]> {
  const { auth, publicUrl } = service;
  if (!auth) return publicUrl === undefined ? [] : [NOBODY_SIGNS_IN];
  const { issuer, clientId } = auth;
  const line = (level: CheckLine['level'], says: string, mend?: string): CheckLine => ({
    subject: 'sign-in',
    level,
    says,
    ...(mend === undefined ? {} : { mend }),
  });
  const mend = 'correct service.auth.issuer: the address of the provider’s metadata up to /.well-known';
  try {
    const path = `${new URL(issuer).pathname.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const { status, text } = await ask(issuer).send({ method: 'GET', path, deadlineMs: DEADLINE_MS, effect: 'read' });
    if (status !== 200) return [line('error', `${issuer} answers ${status} where it ought to say what it is`, mend)];
    const said = v.safeParse(metadata, parsed(text));
    if (!said.success) return [line('error', `${issuer} does not answer as an OpenID Connect provider does`, mend)];
    if (said.output.issuer !== issuer)
      return [line('error', `${issuer} says that it is ${said.output.issuer}, so no token of it is taken`, mend)];
    const back = `${publicUrl ?? `http://${service.listen.host}:${service.listen.port}`}/sign-in/back`;
    return [line('ok', `${issuer} is there; client ${clientId} has to have the redirect address ${back}`)];
  } catch (error) {
    if (!(error instanceof EdgeFailure)) throw error;
    return [
      line('error', `nobody can sign in to the console: ${error.message}`, `see that ${issuer} is reached from here`),
    ];
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Said by the caller: it is no provider's answer.
    return undefined;
  }
}
