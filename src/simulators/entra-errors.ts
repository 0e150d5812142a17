import { randomUUID } from 'node:crypto';
import type { EpochMs } from '../domain/time.ts';
import { json, type SimAnswer } from './wire.ts';

export interface EntraErrorContext {
  tenantId: string;
  clientId: string;
  now: EpochMs;
}

interface EntraError {
  status: number;
  /** OAuth's word for it (RFC 6749 §5.2). */
  error: string;
  says(context: EntraErrorContext): string;
}

const client = (says: EntraError['says']): EntraError => ({ status: 401, error: 'invalid_client', says });
const request = (error: string, says: EntraError['says']): EntraError => ({ status: 400, error, says });
const down = (says: EntraError['says']): EntraError => ({ status: 503, error: 'temporarily_unavailable', says });

/** Status, OAuth word and a sentence in the manner of the token endpoint, by AADSTS number. */
const ERRORS: Readonly<Record<number, EntraError>> = {
  7000215: client(
    ({ clientId }) => `Invalid client secret provided. The secret sent does not belong to '${clientId}'.`,
  ),
  7000222: client(({ clientId }) => `The provided client secret keys for app '${clientId}' are expired.`),
  7000216: client(() => "'client_assertion', 'client_secret' or 'request' is required for this grant type."),
  700027: client(() => 'Client assertion contains an invalid signature. [Reason - The key was not found.]'),
  700024: client(() => 'Client assertion is not within its valid time range.'),
  700023: client(() => 'Client assertion audience claim does not match Realm issuer.'),
  50048: client(() => 'Subject mismatches Issuer claim in the client assertion.'),
  5000222: client(() => 'Client assertion could not be parsed.'),
  7000112: request('unauthorized_client', ({ clientId }) => `Application '${clientId}'(Casewire) is disabled.`),
  700016: request(
    'unauthorized_client',
    ({ clientId, tenantId }) =>
      `Application with identifier '${clientId}' was not found in the directory '${tenantId}'.`,
  ),
  65001: request('invalid_grant', ({ clientId }) => `Nobody has consented to use the application '${clientId}'.`),
  53003: request('invalid_grant', () => 'Access has been blocked by Conditional Access policies.'),
  90002: request('invalid_request', ({ tenantId }) => `Tenant '${tenantId}' not found. Check the tenant ID.`),
  500011: request('invalid_resource', () => 'The resource principal was not found in the tenant.'),
  1002012: request('invalid_scope', () => "The provided value for scope is not valid; it must end in '/.default'."),
  900144: request('invalid_request', () => "The request body must contain the parameter 'client_id'."),
  70003: request('unsupported_grant_type', () => 'The app requested an unsupported grant type.'),
  50196: request('invalid_request', () => 'The server terminated an operation because it encountered a client loop.'),
  90033: down(() => 'A transient error has occurred. Please try again.'),
  90055: { status: 429, error: 'temporarily_unavailable', says: () => 'Too many requests for this tenant.' },
};

/** The answer of the token endpoint to one error, in its documented shape; an unknown number is refused by a throw. */
export function entraError(code: number, context: EntraErrorContext): SimAnswer {
  const known = ERRORS[code];
  if (!known) throw new Error(`the simulated Entra has no AADSTS${code}`);
  const timestamp = `${new Date(context.now).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const [trace, correlation] = [randomUUID(), randomUUID()];
  const tail = `Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`;
  return json(known.status, {
    error: known.error,
    error_description: `AADSTS${code}: ${known.says(context)} ${tail}`,
    error_codes: [code],
    timestamp,
    trace_id: trace,
    correlation_id: correlation,
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
  });
}
