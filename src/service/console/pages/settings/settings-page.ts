import { html } from 'hono/html';
import type { Config, JiraAuth } from '../../../../config/config.ts';
import { sayDuration } from '../../../../domain/time.ts';
import type { Ask, Html, Page } from '../../page.ts';
import { facts, sayNumber } from '../parts/words.ts';

/** The configuration at work, without its secrets; what can be checked, and what people have done. */
export const settingsPage: Page = {
  path: '/settings',
  here: 'settings',
  async show(ask) {
    const { config } = ask.parts.atWork();
    return {
      title: 'Settings',
      body: html`<p>Read from <code>${config.file}</code>; a change of the file is taken up by itself. Secrets are never shown, only whether they are set.</p>
<div class="acts">${checkButton(ask)}<a class="button" href="/settings/check">The last check</a><a class="button" href="/settings/acts">What people have done</a></div>
${part('service', 'Service', service(config))}
${config.sites.map((site) =>
  part(`site-${site.site}`, `Jira “${site.site}”`, [
    ['Edition', site.edition === 'cloud' ? 'Cloud' : 'Data Center'],
    ['Address', site.url],
    ...(site.siteUrl === undefined ? [] : [['Links lead to', site.siteUrl] as const]),
    ['Signs in as', sayAuth(site.auth)],
    ['Looks for a lost create for', sayDuration(site.reconcileWindowMs)],
  ]),
)}
${part('look-ups', 'AbuseIPDB', lookUps(config))}
${part('sync', 'Keeping in step', sync(config))}
${part('reports', 'Reports', reports(config))}
${part('tenants-at', 'Tenants', [
  ['Tenants', html`<a href="/tenants">${sayNumber(config.tenants.length)}</a>`],
  ['Rules', html`<a href="/rules">${sayNumber(config.tenants[0]?.policy.rules.length ?? 0)}</a>`],
  [
    'New issues a tenant and hour',
    config.tenants[0]?.policy.newTicketsPerHour ? sayNumber(config.tenants[0].policy.newTicketsPerHour) : 'no limit',
  ],
])}
${part('store', 'Store', [
  ['Store', sayStore(config)],
  ['From Key Vault', config.vault ? `${config.vault.secrets} secrets, read as ${config.vault.identity}` : 'nothing'],
])}`,
    };
  },
};

type Rows = Parameters<typeof facts>[0];

function part(id: string, name: string, rows: Rows): Html {
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${name}</h2>${facts(rows)}</section>
`;
}

function checkButton({ viewer, csrf }: Ask): Html | '' {
  if (viewer.may !== 'act') return '';
  return html`<form method="post" action="/settings/check">${csrf}<button>Check everything now</button></form>`;
}

const SET = html`<span class="standing good">set</span>`;
const NOT_SET = html`<span class="quiet">not set</span>`;

function service({ service }: Config): Rows {
  const { listen, publicUrl, auth, webhookSecret, silenceAfterMs } = service;
  return [
    ['Listens at', `${listen.host}:${listen.port}`],
    ['Reached from outside at', publicUrl ?? NOT_SET],
    ['Sign-in', auth ? `${auth.issuer}, client ${auth.clientId}` : 'none: this machine alone'],
    ...(auth
      ? ([
          ['May look', auth.viewers.join(', ') || 'nobody'],
          ['May act', auth.operators.join(', ') || 'nobody'],
          ['Client secret', SET],
        ] as const)
      : []),
    ['Webhook secret', webhookSecret === undefined ? NOT_SET : SET],
    ['A tenant is silent after', silenceAfterMs === 0 ? 'never' : sayDuration(silenceAfterMs)],
  ];
}

function sayAuth(auth: JiraAuth): Html {
  if (auth.kind === 'email-token') return html`${auth.email}, token ${SET}`;
  if (auth.kind === 'password') return html`${auth.username}, password ${SET}`;
  return html`personal access token ${SET}`;
}

function lookUps({ abuseipdb }: Config): Rows {
  if (!abuseipdb) return [['Look-ups', 'switched off']];
  return [
    ['Address', abuseipdb.url],
    ['Key', SET],
    ['Reports of the last', `${abuseipdb.maxAgeInDays} days`],
    ['Look-ups a day', sayNumber(abuseipdb.dailyBudget)],
    ['Never asked about', abuseipdb.neverSend.join(', ') || 'what is not public'],
  ];
}

function sync({ sync: keeping }: Config): Rows {
  if (!keeping) return [['In step', 'switched off']];
  const { fromJira, fromDefender, everyMs } = keeping;
  return [
    ['Looks every', sayDuration(everyMs)],
    ['A done issue', fromJira?.closeAlert ? 'closes its alert' : 'changes nothing in Defender'],
    ...(fromJira
      ? ([
          [
            'Verdict',
            [...fromJira.verdicts, ['else', fromJira.otherwise]]
              .map(([name, verdict]) => `${name}: ${verdict}`)
              .join(', '),
          ],
        ] as const)
      : []),
    [
      'A closed alert',
      fromDefender
        ? fromDefender.transitionTo === undefined
          ? 'is commented on its issue'
          : `moves its issue to ${fromDefender.transitionTo}`
        : 'does not reach its issue',
    ],
  ];
}

function reports({ reports: { timezone, deliver } }: Config): Rows {
  return [
    ['Time zone', timezone],
    ['Delivered', deliver ? `${deliver.when.join(', ')} as ${deliver.formats.join(', ')}` : 'none'],
    ...(deliver
      ? ([
          ['Folder', deliver.folder],
          ['Mailed to', deliver.mail ? deliver.mail.to.join(', ') : 'nobody'],
        ] as const)
      : []),
  ];
}

function sayStore({ store }: Config): string {
  return store.name;
}
