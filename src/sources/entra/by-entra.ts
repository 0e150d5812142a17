import type { CheckLine } from '../../domain/check.ts';
import { EdgeFailure, isEdgeFailure } from '../../domain/failure.ts';
import type { Authoriser } from '../authoriser.ts';
import type { AccessTokens, EntraSignIn } from './access-token.ts';
import { certificateFacts } from './credential.ts';

/** Application permissions of which one is enough, and what it is needed for: "to read alerts". */
export interface EntraNeeds {
  anyOf: readonly string[];
  /** The API whose permissions they are. */
  of: string;
  to: string;
}

export interface EntraAuthoriserParts {
  tokens: AccessTokens;
  /** One service: `RESOURCE/.default`. */
  scope: string;
  needs: EntraNeeds;
}

/** Signs in by access tokens of Entra. */
export function byEntra({ tokens, scope, needs }: EntraAuthoriserParts): Authoriser {
  const grant =
    `grant the app one of ${needs.anyOf.join(', ')} (application permissions of "${needs.of}") and consent in the ` +
    `tenant: ${consentUrl(tokens.signIn)}; a new consent takes some minutes to work`;
  return {
    mend: grant,

    async authorise(signal) {
      return `Bearer ${await unlessStopped(() => tokens.token(scope), signal)}`;
    },

    async refused(header) {
      tokens.refused(scope, header.slice('Bearer '.length));
      return true;
    },

    async check(subject) {
      try {
        const roles = rolesOf(await tokens.token(scope));
        const lines: CheckLine[] = [
          { subject, level: 'ok', says: `signed in to Entra as ${sayIdentity(tokens.signIn)}` },
        ];
        const wanted = needs.anyOf.map((role) => role.toLowerCase());
        // Microsoft spells `Investigation.Read` and `Investigation.read` (Defender for Cloud Apps, "application context").
        if (roles && !roles.some((role) => wanted.includes(role.toLowerCase()))) {
          const has = roles.length === 0 ? 'no permission' : `only ${roles.join(', ')}`;
          lines.push({ subject, level: 'error', says: `the app has ${has} ${needs.to}`, mend: grant });
        }
        return lines;
      } catch (error) {
        if (!isEdgeFailure(error)) throw error;
        const { mend } = error.details;
        return [{ subject, level: 'error', says: error.message, ...(mend === undefined ? {} : { mend }) }];
      }
    },
  };
}

/** Stops waiting for a token that others may still want; asks for none once it is stopped, since nobody would hear how that ends. */
async function unlessStopped<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work();
  const stopped = () => new EdgeFailure('unavailable', 'stopped while signing in to Entra');
  if (signal.aborted) throw stopped();
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(stopped());
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function sayIdentity({ clientId, tenantId, authority, credential }: EntraSignIn): string {
  const by =
    credential.kind === 'secret' ? 'secret' : `certificate ${certificateFacts(credential.pem).thumbprint.slice(0, 8)}…`;
  return `app ${clientId} of tenant ${tenantId} by ${by} (${new URL(authority).host})`;
}

function consentUrl({ authority, tenantId, clientId }: EntraSignIn): string {
  return `${authority}/${tenantId}/adminconsent?client_id=${clientId}`;
}

/**
 * The permissions that a token carries; `undefined` when it cannot be read. A token without `roles` has none: Microsoft
 * asks to look ("Access with application context", Defender for Cloud Apps).
 */
export function rolesOf(token: string): readonly string[] | undefined {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    if (typeof claims !== 'object' || claims === null) return undefined;
    return Array.isArray(claims.roles) ? claims.roles.filter((role: unknown) => typeof role === 'string') : [];
  } catch {
    return undefined;
  }
}
