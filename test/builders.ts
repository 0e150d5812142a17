import type { Alert, AlertId, TenantId } from '../src/domain/alert.ts';

/** An open alert of the tenant contoso; a test names only what it is about. */
export function anAlert(more: Partial<Omit<Alert, 'id' | 'tenant'>> & { id?: string; tenant?: string } = {}): Alert {
  const { id = '64a0000000000000000000a1', tenant = 'contoso', ...rest } = more;
  return {
    id: id as AlertId,
    tenant: tenant as TenantId,
    title: 'Impossible travel activity',
    description: 'Jane Doe (jane@contoso.com) signed in from two countries within an hour.',
    severity: 'high',
    type: 'Impossible travel',
    createdAt: Date.parse('2026-11-22T03:04:05Z'),
    state: { open: true },
    url: `https://contoso.portal.cloudappsecurity.com/#/alerts/${id}`,
    users: [{ name: 'jane@contoso.com', address: 'jane@contoso.com', displayName: 'Jane Doe', origin: 'entity' }],
    ips: [],
    networks: [],
    entities: [],
    incomplete: [],
    raw: JSON.stringify({ _id: id, title: 'Impossible travel activity' }),
    ...rest,
  };
}
