import { html } from 'hono/html';
import type { TenantId } from '../../../../domain/alert.ts';
import { type Act, type Ask, CannotDo, type Html } from '../../page.ts';

/** Has one tenant's alerts and issues compared at once. A plan that the guard stops is only ever done by `casewire sync --yes`. */
export const syncNow: Act = {
  path: '/tenants/:tenant/sync',
  may: 'act',
  says: (_form, { tenant }) => ({ what: 'keep alerts and issues in step', subject: tenant ?? '' }),
  async run({ parts, params }) {
    const { config, engine } = parts.atWork();
    const tenant = config.tenants.find((one) => one.tenant === params.tenant)?.tenant;
    if (tenant === undefined) throw new CannotDo('The configuration has no such tenant.');
    if (!config.sync) throw new CannotDo('The configuration has no sync section, so nothing is kept in step.');
    engine.keepInStep([tenant]);
    return {
      to: `/tenants/${encodeURIComponent(tenant)}`,
      says: 'Alerts and issues of this tenant are being compared; "In step" below says when that has ended.',
    };
  },
};

/** The button for it, where there is something to keep in step and the viewer may act. */
export function syncForm(tenant: TenantId, { viewer, csrf, parts }: Ask): Html | '' {
  if (viewer.may !== 'act' || !parts.atWork().config.sync) return '';
  return html`<form method="post" action="/tenants/${encodeURIComponent(tenant)}/sync">${csrf}<button>Sync it now</button></form>`;
}
