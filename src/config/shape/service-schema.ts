import * as v from 'valibot';
import { baseUrl, durationOrNever, hostAndPort, secret, text, webAddress } from './leaf.ts';

const groups = (who: string) =>
  v.optional(v.pipe(v.array(text('A group or role, as it stands in the token.')), v.description(who)), []);

const auth = v.pipe(
  v.strictObject({
    issuer: webAddress(
      'The OpenID Connect provider, as it names itself; Entra: https://login.microsoftonline.com/TENANT_ID/v2.0.',
    ),
    clientId: text('Client id: of Entra the Application (client) ID of the app registration.'),
    clientSecret: secret('Client secret. A new one ends all sessions.'),
    viewers: groups('Groups or roles of the token whose members may look.'),
    operators: groups('Groups or roles of the token whose members may look, retry, drop and sync.'),
  }),
  v.description(
    'How people sign in: OpenID Connect. Left out: nobody does, and the console is for this machine alone.',
  ),
);

/** The part of the configuration file that `serve` alone reads. */
export const service = v.strictObject({
  listen: v.optional(
    hostAndPort(
      'Address and port for console, health, metrics and webhooks; beyond loopback only with auth; port 0 takes a free one.',
    ),
    '127.0.0.1:8484',
  ),
  publicUrl: v.optional(baseUrl('Where people and Jira reach it from outside, behind your TLS proxy.')),
  auth: v.optional(auth),
  webhookSecret: v.optional(
    secret('What Jira signs each webhook call with, at least 16 characters. Without it every call is refused.'),
  ),
  silenceAfter: v.optional(
    durationOrNever(
      'How long a tenant that normally has alerts may have none before it is shown and counted; 0: never shown.',
      '365d',
    ),
    '48h',
  ),
});

export type ServiceSettings = v.InferOutput<typeof service>;
