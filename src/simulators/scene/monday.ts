import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS } from '../../domain/time.ts';
import type { SimAlert } from '../cloud-apps-sim.ts';
import { type RecordParts, toRecord } from './record.ts';

type Part = Omit<RecordParts, 'tenant' | 'number' | 'at'> & {
  /** Hours after Saturday 00:00 UTC. */
  hour: number;
};

const OFFICE = [11_161, 'Microsoft 365'] as const;
const SHAREPOINT = [20_892, 'Microsoft SharePoint Online'] as const;
const EXCHANGE = [20_893, 'Microsoft Exchange Online'] as const;
const ONEDRIVE = [15_600, 'Microsoft OneDrive for Business'] as const;

const CONTOSO: readonly Part[] = [
  {
    hour: 2.2,
    title: 'Impossible travel activity',
    description:
      '<p>The user Ada Lindqvist (ada.lindqvist@contoso.com) was involved in an impossible travel incident.<br>The user connected from two countries within 42 minutes, from these IP addresses: Sweden (78.90.12.34) and Singapore (101.102.103.104).<br>If any of these are used by the organization for VPN connections, add them in the <a href="#/subnet">IP address range page</a>.</p>',
    severity: 1,
    user: { address: 'ada.lindqvist@contoso.com', displayName: 'Ada Lindqvist' },
    ips: ['78.90.12.34', '101.102.103.104'],
    countries: ['SE', 'SG'],
    service: OFFICE,
  },
  {
    hour: 9.5,
    title: 'Mass download by a single user',
    description:
      "Activity policy 'Mass download by a single user' was triggered by 'Sean O'Brien (sean.o'brien@contoso.com)': 412 files in 9 minutes from 10.20.30.40 and 67.78.89.90.",
    severity: 1,
    user: { address: "sean.o'brien@contoso.com", displayName: "Sean O'Brien" },
    ips: ['10.20.30.40', '67.78.89.90'],
    service: SHAREPOINT,
    policyType: 'AUDIT',
  },
  {
    hour: 20.1,
    title: 'Leaked credentials',
    description:
      'The credentials of Priya Raman (priya.raman@contoso.com) were found in a list that is traded in public. Nobody has signed in with them yet.',
    severity: 2,
    user: { address: 'priya.raman@contoso.com', displayName: 'Priya Raman' },
    service: OFFICE,
  },
  {
    hour: 28.7,
    title: 'Suspicious inbox forwarding',
    description:
      '<p>A suspicious inbox forwarding rule was set on the mailbox of <b>Tom Baker (tom.baker@contoso.com)</b>. The rule &quot;..&quot; forwards all messages with &quot;invoice&quot; &amp; &quot;payment&quot; to an external address. It was set from 2a0b:1234:5678::c0de.</p>',
    severity: 1,
    user: { address: 'tom.baker@contoso.com', displayName: 'Tom Baker' },
    ips: ['2a0b:1234:5678::c0de'],
    service: EXCHANGE,
  },
  {
    hour: 41,
    title: 'Activity from a Tor IP address',
    description:
      'The Tor IP address 91.82.73.64 was accessed by Ada Lindqvist (ada.lindqvist@contoso.com). It is the first such access of this user.',
    severity: 2,
    user: { address: 'ada.lindqvist@contoso.com', displayName: 'Ada Lindqvist' },
    ips: ['91.82.73.64'],
    countries: ['NL'],
    service: OFFICE,
  },
];

const FABRIKAM: readonly Part[] = [
  {
    hour: 4.4,
    title: 'Ransomware activity',
    description:
      '<p>The user "Maria Gomez (maria.gomez@fabrikam.com)" uploaded 318 files with the extension <i>.locked</i> and deleted 311 others within 6 minutes. This pattern is known from ransomware.</p>',
    severity: 2,
    user: { address: 'maria.gomez@fabrikam.com', displayName: 'Maria Gomez' },
    ips: ['123.45.67.89'],
    service: ONEDRIVE,
    device: 'FAB-LT-0417',
  },
  {
    hour: 11.8,
    title: 'Suspicious OAuth app consent',
    description:
      'The guest lena.hoff_adatum.com#EXT#@fabrikam.onmicrosoft.com consented to the app "Mail Backup Pro", which may read all mailboxes. The app was published 3 days ago and is known to 2 organizations.',
    severity: 1,
    user: { address: 'lena.hoff_adatum.com#EXT#@fabrikam.onmicrosoft.com', displayName: 'Lena Hoff (Guest)' },
    ips: ['45.67.89.10'],
    service: OFFICE,
    policyType: 'OAUTH',
  },
  {
    hour: 19.3,
    title: 'Card numbers shared with everyone',
    description:
      "File policy 'Card numbers shared with everyone' __siteIcon__ was matched by 'Q4 refunds (final).xlsx'",
    severity: 0,
    user: { address: 'jon.berg@fabrikam.com', displayName: 'Jon Berg' },
    service: SHAREPOINT,
    policyType: 'FILE',
    file: 'Q4 refunds (final).xlsx',
  },
  {
    hour: 30.6,
    title: 'Multiple failed login attempts',
    description:
      '<p>The user "svc-backup (svc-backup@fabrikam.com)" performed more than 214 failed login attempts in a single session, from 91.82.73.64 and 123.45.67.89.</p>',
    severity: 1,
    user: { address: 'svc-backup@fabrikam.com', displayName: 'svc-backup' },
    ips: ['91.82.73.64', '123.45.67.89'],
    service: OFFICE,
  },
  {
    hour: 44.9,
    title: 'Unusual addition of credentials to an OAuth app',
    description:
      'Privileged credentials were added to the app "Fabrikam Payroll Sync", which reads every mailbox. The change came from 88.77.66.55 and matches no change of the last 180 days.',
    severity: 2,
    ips: ['88.77.66.55'],
    service: OFFICE,
    policyType: 'OAUTH',
  },
];

const NORTHWIND: readonly Part[] = [
  {
    hour: 1.1,
    title: 'Activity from infrequent country',
    description:
      'Kenji Ito (kenji.ito@northwind.example) signed in from Iceland, where nobody of the organization was active in the past 90 days. Address: 2a0b:4321:8765:1::beef.',
    severity: 1,
    user: { address: 'kenji.ito@northwind.example', displayName: 'Kenji Ito' },
    ips: ['2a0b:4321:8765:1::beef'],
    countries: ['IS'],
    service: OFFICE,
  },
  {
    hour: 14.2,
    title: 'Suspicious email deletion activity',
    description:
      '<p>Grace Osei (grace.osei@northwind.example) deleted 1,204 messages in 11 minutes, among them all that mention &lt;bank details&gt;.</p>',
    severity: 1,
    user: { address: 'grace.osei@northwind.example', displayName: 'Grace Osei' },
    ips: ['67.78.89.90'],
    service: EXCHANGE,
  },
  {
    hour: 23.9,
    title: 'Unusual file share activity (by user)',
    description:
      'Grace Osei (grace.osei@northwind.example) shared 96 files with personal accounts outside the organization.',
    severity: 0,
    user: { address: 'grace.osei@northwind.example', displayName: 'Grace Osei' },
    ips: ['67.78.89.90'],
    service: SHAREPOINT,
  },
  {
    hour: 36.5,
    title: 'Impossible travel activity',
    description:
      '<p>The user Kenji Ito (kenji.ito@northwind.example) perform failed sign in activities from remote locations: 101[.]102[.]103[.]104 in Singapore and 78.90.12.34 in Sweden within 17 minutes.</p>',
    severity: 1,
    user: { address: 'kenji.ito@northwind.example', displayName: 'Kenji Ito' },
    ips: ['101.102.103.104'],
    countries: ['SG', 'SE'],
    service: OFFICE,
  },
  {
    hour: 47.2,
    title: 'Log collector has stopped sending',
    description:
      'No logs of the data source "northwind-proxy" have arrived in the last 25 hours.\nCheck that the log collector runs and reaches the portal.',
    severity: 3,
    system: true,
  },
];

/** The fifteen alerts of the weekend before an instant, five of each tenant; all are open. */
export function mondayAlerts(now: EpochMs): Record<'contoso' | 'fabrikam' | 'northwind', SimAlert[]> {
  const saturday = lastSaturday(now);
  const toAlerts = (tenant: string, parts: readonly Part[]) =>
    parts.map(({ hour, ...part }, number) =>
      toRecord({ ...part, tenant, number, at: saturday + Math.round(hour * HOUR_MS) + 7 * number }),
    );
  return {
    contoso: toAlerts('contoso', CONTOSO),
    fabrikam: toAlerts('fabrikam', FABRIKAM),
    northwind: toAlerts('northwind', NORTHWIND),
  };
}

/** What contoso's tenant shows an hour later: twice more what the weekend had of one user. */
export function mondayNews(now: EpochMs): SimAlert[] {
  const [travel] = CONTOSO;
  if (!travel) return [];
  const { hour: _, ...part } = travel;
  const ips = [['78.90.12.34', '45.83.64.7'] as const, ['101.102.103.104', '45.83.64.7'] as const];
  return ips.map(([near, far], i) =>
    toRecord({
      ...part,
      tenant: 'contoso',
      number: CONTOSO.length + i,
      at: now - (i + 1) * MINUTE_MS,
      description: `<p>The user Ada Lindqvist (ada.lindqvist@contoso.com) connected from ${near} and, ${11 + i} minutes later, from ${far}.</p>`,
      ips: [near, far],
      countries: ['SE', 'NL'],
      ...(i === 1 ? { severity: 2 } : {}),
    }),
  );
}

/** Midnight, UTC, at the start of the last weekend that was over at `now`. */
export function lastSaturday(now: EpochMs): EpochMs {
  const midnight = Math.floor((now - MINUTE_MS) / DAY_MS) * DAY_MS;
  const daysSinceMonday = (new Date(midnight).getUTCDay() + 6) % 7;
  return midnight - (daysSinceMonday + 2) * DAY_MS;
}
