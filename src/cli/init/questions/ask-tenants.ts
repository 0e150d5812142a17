import { UsageError } from '../../usage-error.ts';
import type { Answers, EntraAnswer, SecretPlace, TenantAnswer } from '../answers.ts';
import { byName, inTwo, signsInByApp } from '../init-flags.ts';
import { variableFor } from '../secrets.ts';
import { refuseClientId, refuseEntraTenant, refuseTenantName, refuseUrl } from './check-answer.ts';
import type { Interview } from './interview-parts.ts';
import { sayFaults, sayRefusals } from './say-fault.ts';

type Besides = Pick<Answers, 'jira' | 'ticket'>;

/** The tenants: those that flags name, else one after the other as a person names them, each tried at once. */
export async function askTenants(parts: Interview, besides: Besides): Promise<readonly TenantAnswer[]> {
  if (parts.flags.tenant !== undefined) return tenantsGiven(parts);
  const { asker } = parts;
  const tenants: TenantAnswer[] = [];
  do tenants.push(await askTenant(parts, besides, tenants));
  while (await asker.confirm({ flag: '--tenant', question: 'Another tenant?', initial: false }));
  return tenants;
}

/** @throws UsageError */
function tenantsGiven({ flags, secrets }: Interview): TenantAnswer[] {
  const source = flags.source ?? 'defender-cloud-apps';
  const tokens = byName(flags.tokenFrom);
  const ids = byName(flags.tenantId);
  const byApp = signsInByApp(flags);
  const strangers = [...tokens.keys(), ...ids.keys()].filter((name) => !byName(flags.tenant).has(name));
  if (strangers.length > 0) throw new UsageError(`--tenant does not name ${strangers.join(', ')}`);
  return (flags.tenant ?? []).map((one) => {
    const [name, where] = inTwo(one) ?? [];
    if (name === undefined || where === undefined)
      throw new UsageError(`--tenant ${one}: write NAME=${source === 'graph' ? 'TENANT_ID' : 'URL'}`);
    const url = source === 'graph' ? flags.graph : where;
    const place = url === undefined ? {} : { url };
    const tenantId = source === 'graph' ? where : (ids.get(name) ?? '');
    if (!byApp) {
      const token = secrets.placeOf('--token-from', tokens.get(name) ?? '');
      return { name, source, ...place, auth: { kind: 'token' as const, token } };
    }
    return { name, source, ...place, auth: { kind: 'entra' as const, tenantId, ...appGiven(flags, secrets) } };
  });
}

function appGiven(flags: Interview['flags'], secrets: Interview['secrets']): Omit<EntraAnswer, 'tenantId'> {
  const { authority, graph, clientId = '', certificate, clientSecretFrom = '' } = flags;
  return {
    ...(authority === undefined ? {} : { authority }),
    ...(graph === undefined ? {} : { graph }),
    clientId,
    credential:
      certificate === undefined
        ? { kind: 'secret', secret: secrets.placeOf('--client-secret-from', clientSecretFrom) }
        : { kind: 'certificate', path: certificate },
  };
}

async function askTenant(parts: Interview, besides: Besides, others: readonly TenantAnswer[]): Promise<TenantAnswer> {
  const { asker } = parts;
  for (let before: TenantAnswer | undefined; ; ) {
    const tenant = await askOne(parts, others, before);
    const fault = await tryTenant(parts, { ...besides, tenants: [tenant] });
    if (fault === undefined) {
      asker.say('good', `The alerts of ${tenant.name} can be read`);
      return tenant;
    }
    asker.say('bad', fault);
    const again = await asker.choose({
      flag: '--tenant',
      question: `What about ${tenant.name}?`,
      choices: [
        { value: true, label: 'Answer again' },
        { value: false, label: 'Keep it so, and mend it elsewhere', hint: 'consent, a firewall' },
      ],
    });
    if (!again) return tenant;
    const secret = secretOf(tenant);
    // One app's secret serves other tenants too.
    if (secret !== undefined && !others.some((other) => secretOf(other) === secret)) parts.secrets.forget(secret);
    before = tenant;
  }
}

function secretOf({ auth }: TenantAnswer): SecretPlace | undefined {
  if (auth.kind === 'token') return auth.token;
  return auth.credential.kind === 'secret' ? auth.credential.secret : undefined;
}

/** What stands in the way of reading the tenant's alerts, asked of its service alone. */
async function tryTenant({ load, check }: Interview, answers: Answers): Promise<string | undefined> {
  const loaded = await load(answers);
  if ('problems' in loaded) return sayRefusals(loaded.problems);
  return sayFaults(await check({ ...loaded.config, sites: [] }));
}

async function askOne(
  parts: Interview,
  others: readonly TenantAnswer[],
  before: TenantAnswer | undefined,
): Promise<TenantAnswer> {
  const { asker, flags } = parts;
  const taken = new Set(others.map(({ name }) => name.toLowerCase()));
  const name = await asker.text({
    flag: '--tenant',
    question: others.length === 0 ? 'A short name for the (first) tenant' : 'A short name for this tenant',
    placeholder: 'contoso',
    initial: before?.name,
    refuse: (typed) =>
      taken.has(typed.toLowerCase()) ? 'There is a tenant of this name already' : refuseTenantName(typed),
  });
  const source =
    flags.source ??
    (await asker.choose({
      flag: '--source',
      question: `Where are the alerts of ${name} read?`,
      choices: [
        { value: 'defender-cloud-apps' as const, label: 'Defender for Cloud Apps', hint: 'its own REST API' },
        { value: 'graph' as const, label: 'Microsoft Graph', hint: 'security alerts_v2' },
      ],
      initial: before?.source ?? others.at(-1)?.source,
    }));
  if (source === 'graph') {
    const url = flags.graph === undefined ? {} : { url: flags.graph };
    return { name, source, ...url, auth: await askApp(parts, { name, others, before }) };
  }
  return askCloudApps(parts, { name, others, before });
}

interface Naming {
  name: string;
  others: readonly TenantAnswer[];
  /** What was answered before, and did not do. */
  before: TenantAnswer | undefined;
}

async function askCloudApps(parts: Interview, naming: Naming): Promise<TenantAnswer> {
  const { asker } = parts;
  const { name, others, before } = naming;
  const source = 'defender-cloud-apps';
  const url = await asker.text({
    flag: '--tenant',
    question: `API URL of ${name} (Defender portal: Settings, Cloud Apps, System, About)`,
    placeholder: 'https://contoso.us2.portal.cloudappsecurity.com',
    initial: before?.url,
    refuse: refuseUrl,
  });
  const byApp = await asker.choose({
    flag: '--client-id',
    question: `How is ${name} signed in to?`,
    choices: [
      { value: true, label: 'By an app of Entra', hint: 'as Microsoft recommends' },
      { value: false, label: 'By a legacy API token' },
    ],
    initial: (before ?? others.at(-1))?.auth.kind !== 'token',
  });
  if (byApp) return { name, source, url, auth: await askApp(parts, naming) };
  const question = `API token of ${name} (Settings, Cloud Apps, System, API tokens)`;
  const token = await parts.secrets.ask(asker, {
    flag: '--token-from',
    question,
    variable: variableFor(name, 'TOKEN'),
  });
  return { name, source, url, auth: { kind: 'token', token } };
}

/** An app that an earlier tenant is signed in by serves this one too, when it has the same id. */
async function askApp(
  { asker, flags, secrets }: Interview,
  { name, others, before }: Naming,
): Promise<{ kind: 'entra' } & EntraAnswer> {
  const apps = others.flatMap(({ auth }) => (auth.kind === 'entra' ? [auth] : []));
  const former = before?.auth.kind === 'entra' ? before.auth : undefined;
  const clouds = {
    ...(flags.authority === undefined ? {} : { authority: flags.authority }),
    ...(flags.graph === undefined ? {} : { graph: flags.graph }),
  };
  const tenantId = await asker.text({
    flag: '--tenant-id',
    question: `Tenant ID of ${name} (Entra admin center, Overview), or one of its domains`,
    placeholder: '11111111-2222-4333-8444-555555555555',
    initial: former?.tenantId,
    refuse: refuseEntraTenant,
  });
  const clientId = await asker.text({
    flag: '--client-id',
    question: 'Application (client) ID of the app registration',
    initial: (former ?? apps.at(-1))?.clientId,
    refuse: refuseClientId,
  });
  const same = apps.find((app) => app.clientId.toLowerCase() === clientId.toLowerCase());
  if (same) return { kind: 'entra', ...clouds, tenantId, clientId, credential: same.credential };
  const bySecret = await asker.choose({
    flag: '--client-secret-from',
    question: 'What proves that it is the app?',
    choices: [
      { value: true, label: 'A client secret' },
      { value: false, label: 'A certificate', hint: 'a PEM file with key and certificate' },
    ],
  });
  if (!bySecret) {
    const path = await asker.text({ flag: '--certificate', question: 'Path of the PEM file' });
    return { kind: 'entra', ...clouds, tenantId, clientId, credential: { kind: 'certificate', path } };
  }
  const variable = apps.length === 0 ? 'CASEWIRE_CLIENT_SECRET' : variableFor(name, 'CLIENT_SECRET');
  const secret = await secrets.ask(asker, { flag: '--client-secret-from', question: 'Client secret', variable });
  return { kind: 'entra', ...clouds, tenantId, clientId, credential: { kind: 'secret', secret } };
}
