import type { Config } from '../../config/config.ts';
import { isLoopback } from '../../config/loopback.ts';
import type { CheckLine } from '../../domain/check.ts';
import { sayDuration } from '../../domain/time.ts';

/** A shorter one may be found by trying; what a signature protects is worth a random one. */
const LEAST_SECRET = 16;

/** Where a Jira administrator registers a webhook, by edition. */
const WHERE = {
  cloud: 'Jira Cloud: Settings, System, WebHooks, Create a WebHook',
  datacenter:
    'Jira Data Center 10 and later: Administration, System, WebHooks (older ones cannot sign, and are polled)',
};

/** Whether Jira can tell at once what changed, and how the webhook is registered; without it everything is seen by polling. */
export function checkWebhooks({ sync, service, sites }: Pick<Config, 'sync' | 'service' | 'sites'>): CheckLine[] {
  const { publicUrl, webhookSecret } = service;
  const line = (level: CheckLine['level'], says: string, mend?: string): CheckLine => ({
    subject: 'webhooks',
    level,
    says,
    ...(mend === undefined ? {} : { mend }),
  });
  if (sync === undefined)
    return webhookSecret === undefined
      ? []
      : [
          line(
            'warning',
            'webhooks have no use: nothing is kept in step',
            'add sync, or leave out service.webhookSecret',
          ),
        ];
  if (webhookSecret === undefined)
    return [
      line(
        'ok',
        `none is taken, as service.webhookSecret is not set; what changes in Jira is seen within ${sayDuration(sync.everyMs)}`,
      ),
    ];
  const lines: CheckLine[] = [];
  if (webhookSecret.length < LEAST_SECRET)
    lines.push(
      line(
        'warning',
        `service.webhookSecret has fewer than ${LEAST_SECRET} characters, so it may be guessed`,
        'set a random one here and in Jira, as `openssl rand -hex 32` makes it',
      ),
    );
  if (publicUrl === undefined)
    return [
      ...lines,
      line(
        'ok',
        'service.publicUrl is not set, so it is not known where Jira is to call',
        'set it to the https address at which your TLS proxy hands on to service.listen',
      ),
    ];
  if (isLoopback(new URL(publicUrl).hostname))
    lines.push(
      line(
        'warning',
        `Jira cannot call service.publicUrl (${publicUrl}) from another machine`,
        'set it to the https address of your TLS proxy',
      ),
    );
  return [
    ...lines,
    ...[...new Set(sites.map(({ edition }) => edition))].map((edition) => registration(edition, publicUrl)),
  ];
}

function registration(edition: 'cloud' | 'datacenter', publicUrl: string): CheckLine {
  return {
    subject: 'webhooks',
    level: 'ok',
    says: `calls are taken once a Jira administrator has registered them (${WHERE[edition]}):`,
    paste: [
      `URL     ${publicUrl}/webhooks/jira`,
      'Secret  the value of service.webhookSecret',
      'JQL     labels = casewire',
      'Events  Issue: updated, deleted (jira:issue_updated, jira:issue_deleted)',
      'Body    not excluded',
    ],
  };
}
