import * as v from 'valibot';
import { baseUrl, durationOrNever, hostAndPort, later, secret } from './leaf.ts';

/** The part of the configuration file that `serve` alone reads. */
export const service = v.strictObject({
  listen: v.optional(
    hostAndPort('Address and port for health, metrics and webhooks: a loopback address; port 0 takes a free one.'),
    '127.0.0.1:8484',
  ),
  publicUrl: v.optional(baseUrl('Where people and Jira reach it from outside, behind your TLS proxy.')),
  auth: later('How people sign in.'),
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
