import type { FailureKind } from '../../domain/failure.ts';

/** What one error of Entra's token endpoint means to the person who keeps the sign-in. */
export interface SignInTrouble {
  kind: FailureKind;
  /** Completes "Entra does not sign … in: ". */
  says: string;
  mend: string;
  /** The credential itself is at fault, so that one that was changed meanwhile may do. */
  credential?: boolean;
}

/** The values of the sign-in that the words name. */
export interface TroubleContext {
  authority: string;
  tenantId: string;
  clientId: string;
  /** Where the credential stands in the configuration. */
  key: 'clientSecret' | 'certificate';
}

const SECRETS = 'Entra admin center, App registrations, the app, Certificates & secrets';

const NEW_SECRET = `make a new client secret (${SECRETS}) and put its Value, not its Secret ID, where auth.clientSecret points`;

const UPLOAD = `upload this certificate to the app (${SECRETS}, Certificates), or point auth.certificate at the one that is there`;

const ENABLE =
  'switch it on: Entra admin center, Enterprise applications, the app, Properties, "Enabled for users to sign-in"';

const CLOCK = "set this machine to network time: an assertion is valid by Entra's clock for a few minutes only";

const WAIT = 'nothing to mend: it is tried again; https://status.cloud.microsoft tells of outages';

function consent({ authority, tenantId, clientId }: TroubleContext): string {
  return `an administrator of the tenant consents once: ${authority}/${tenantId}/adminconsent?client_id=${clientId}`;
}

type Row = Omit<SignInTrouble, 'mend'> & { mend: string | ((context: TroubleContext) => string) };

/**
 * The AADSTS codes that client credentials can meet (Microsoft Learn, "Microsoft Entra authentication and
 * authorization error codes", read 2026-11; those it does not list by their own pages of Microsoft's troubleshooting
 * guide). Microsoft may add and change codes: an unknown one is told in Entra's own words.
 */
const TABLE: Readonly<Record<number, Row>> = {
  7000215: { kind: 'unauthorised', credential: true, says: 'the client secret is wrong', mend: NEW_SECRET },
  70002: { kind: 'unauthorised', credential: true, says: 'the client secret is wrong', mend: NEW_SECRET },
  7000222: { kind: 'unauthorised', credential: true, says: 'the client secret has expired', mend: NEW_SECRET },
  7000216: {
    kind: 'unauthorised',
    credential: true,
    says: 'no client secret and no assertion arrived',
    mend: 'give auth.clientSecret or auth.certificate; a proxy that changes request bodies does harm here',
  },
  7000218: {
    kind: 'unauthorised',
    credential: true,
    says: 'no client secret and no assertion arrived',
    mend: 'give auth.clientSecret or auth.certificate; a proxy that changes request bodies does harm here',
  },
  700027: {
    kind: 'unauthorised',
    credential: true,
    says: 'the certificate is not one that the app knows, or it has expired',
    mend: UPLOAD,
  },
  50012: {
    kind: 'unauthorised',
    credential: true,
    says: 'the certificate or its thumbprint is not one that the app knows',
    mend: UPLOAD,
  },
  700030: { kind: 'unauthorised', credential: true, says: "the certificate's subject is not allowed", mend: UPLOAD },
  5000222: {
    kind: 'unauthorised',
    credential: true,
    says: 'the assertion could not be read',
    mend: 'check that auth.certificate holds one RSA key and the certificate that belongs to it',
  },
  50027: {
    kind: 'unauthorised',
    says: 'the assertion does not fit this tenant or app',
    mend: 'check auth.authority, auth.tenantId and auth.clientId',
  },
  50013: { kind: 'unauthorised', says: 'the assertion is not valid', mend: CLOCK },
  700024: { kind: 'unauthorised', says: 'the assertion is not within its time', mend: CLOCK },
  700023: {
    kind: 'unauthorised',
    says: 'the assertion was made for another authority',
    mend: 'check auth.authority: each national cloud has its own',
  },
  7000214: {
    kind: 'unauthorised',
    says: "the assertion's audience is not this token endpoint",
    mend: 'check auth.authority: each national cloud has its own',
  },
  50048: { kind: 'unauthorised', says: "the assertion's issuer is not the app", mend: 'check auth.clientId' },
  50049: {
    kind: 'refused',
    says: 'the authority is unknown',
    mend: 'check auth.authority: each national cloud has its own',
  },
  700025: {
    kind: 'unauthorised',
    says: 'the app is registered as a public client, which has no credentials',
    mend: 'Entra admin center, App registrations, the app, Authentication: switch "Allow public client flows" off',
  },
  700016: {
    kind: 'unauthorised',
    says: 'the app is not in this tenant',
    mend: (context) => `check auth.clientId and auth.tenantId; where they are right, ${consent(context)}`,
  },
  700011: {
    kind: 'unauthorised',
    says: 'the app is not in this tenant',
    mend: (context) => `check auth.clientId and auth.tenantId; where they are right, ${consent(context)}`,
  },
  70001: { kind: 'unauthorised', says: 'the app is disabled, or not in this tenant', mend: ENABLE },
  7000112: { kind: 'unauthorised', says: 'the app is disabled', mend: ENABLE },
  7000113: {
    kind: 'unauthorised',
    says: 'the app may not ask for tokens without a user',
    mend: 'use an app registration of your own, with application permissions',
  },
  65001: { kind: 'unauthorised', says: 'nobody has consented to the app in this tenant', mend: consent },
  65005: {
    kind: 'unauthorised',
    says: 'the app asks for a service that is not among its permissions',
    mend: (context) => `add the permissions to the app registration; then ${consent(context)}`,
  },
  650056: {
    kind: 'unauthorised',
    says: 'the app has no permission on this service, or nobody consented',
    mend: (context) => `add the permissions to the app registration; then ${consent(context)}`,
  },
  650057: {
    kind: 'unauthorised',
    says: 'the app asks for a service that is not among its permissions',
    mend: (context) => `add the permissions to the app registration; then ${consent(context)}`,
  },
  650052: {
    kind: 'unauthorised',
    says: 'this tenant has not subscribed to the service',
    mend: "check the tenant's licences: Defender for Cloud Apps has to be among them",
  },
  500011: {
    kind: 'unauthorised',
    says: 'the service is not known in this tenant',
    mend: "check the tenant's licences, and auth.graph: each national cloud has its own address",
  },
  50001: {
    kind: 'unauthorised',
    says: 'the service is disabled or unknown in this tenant',
    mend: "check the tenant's licences, and auth.graph: each national cloud has its own address",
  },
  70011: {
    kind: 'refused',
    says: 'the scope is not valid',
    mend: 'check auth.graph: each national cloud has its own address',
  },
  1002012: {
    kind: 'refused',
    says: 'the scope is not valid',
    mend: 'check auth.graph: each national cloud has its own address',
  },
  90002: {
    kind: 'unauthorised',
    says: 'the tenant does not exist in this cloud',
    mend: 'check auth.tenantId (Entra admin center, Overview), and auth.authority for national clouds',
  },
  900023: {
    kind: 'unauthorised',
    says: 'the tenant id is neither a GUID nor a domain',
    mend: 'check auth.tenantId (Entra admin center, Overview)',
  },
  50059: {
    kind: 'unauthorised',
    says: 'the request names no tenant',
    mend: 'write the tenant id, not common or organizations, into auth.tenantId',
  },
  50128: {
    kind: 'unauthorised',
    says: 'the domain belongs to no tenant',
    mend: 'check auth.tenantId (Entra admin center, Overview)',
  },
  90133: {
    kind: 'unauthorised',
    says: 'the request names no tenant of its own',
    mend: 'write the tenant id, not common or organizations, into auth.tenantId',
  },
  90038: {
    kind: 'unauthorised',
    says: 'the tenant lives in another national cloud',
    mend: 'check auth.authority: each national cloud has its own',
  },
  50194: {
    kind: 'unauthorised',
    says: 'the app is for its own tenant only',
    mend: 'make it multitenant (App registrations, the app, Authentication), or use an app of this tenant',
  },
  53003: {
    kind: 'unauthorised',
    says: 'a Conditional Access policy blocks the app',
    mend: 'let the tenant take the app, or this address, out of the policy: Entra admin center, Sign-in logs, Service principal sign-ins, names it',
  },
  53011: {
    kind: 'unauthorised',
    says: 'the tenant blocks the app because of risk',
    mend: 'look at it in Entra admin center, ID Protection, Risky workload identities',
  },
  530035: {
    kind: 'unauthorised',
    says: 'security defaults block the app',
    mend: 'Entra admin center, Sign-in logs, Service principal sign-ins, tells why',
  },
  50131: {
    kind: 'unauthorised',
    says: 'a Conditional Access policy blocks the app',
    mend: 'let the tenant take the app, or this address, out of the policy: Entra admin center, Sign-in logs, Service principal sign-ins, names it',
  },
  500021: {
    kind: 'unauthorised',
    says: 'a proxy of this network allows other tenants only (tenant restrictions)',
    mend: 'let the network add the tenant to Restrict-Access-To-Tenants',
  },
  500212: {
    kind: 'unauthorised',
    says: 'a cross-tenant policy does not allow this tenant',
    mend: 'look at Entra admin center, External Identities, Cross-tenant access settings',
  },
  500213: {
    kind: 'unauthorised',
    says: "the tenant's cross-tenant policy does not allow the app",
    mend: 'look at Entra admin center, External Identities, Cross-tenant access settings',
  },
  50196: {
    kind: 'rate-limited',
    says: 'too many of the same request in a short time',
    mend: 'check that no other program signs in with this app in a loop',
  },
  90055: { kind: 'rate-limited', says: 'too many requests for this tenant', mend: WAIT },
  50000: { kind: 'unavailable', says: 'the sign-in service has trouble issuing tokens', mend: WAIT },
  50033: { kind: 'unavailable', says: 'a passing error of the sign-in service', mend: WAIT },
  50087: { kind: 'unavailable', says: 'a passing error of the sign-in service', mend: WAIT },
  90006: { kind: 'unavailable', says: 'the sign-in service is not available for the moment', mend: WAIT },
  90012: { kind: 'unavailable', says: 'the sign-in service ran out of time', mend: WAIT },
  90024: { kind: 'unavailable', says: 'a passing error of the sign-in service', mend: WAIT },
  90033: { kind: 'unavailable', says: 'the sign-in service is not available for the moment', mend: WAIT },
};

/** What an AADSTS code means, with the mend in terms of this sign-in; `undefined` for a code that is not in the table. */
export function troubleOf(code: number, context: TroubleContext): SignInTrouble | undefined {
  const row = TABLE[code];
  return row && { ...row, mend: typeof row.mend === 'string' ? row.mend : row.mend(context) };
}
