import { type Kysely, sql } from 'kysely';
import { type AlertId, type DedupKey, SEVERITIES, type Severity, type TenantId } from '../../domain/alert.ts';
import type { CategoryPath } from '../../domain/category.ts';
import type { AlertLine } from '../../domain/outcome.ts';
import type { LedgerTables } from '../store/schema.ts';
import type { Catalogue, CatalogueLine } from './catalogue-port.ts';
import { causes, heldFor } from './held-causes.ts';
import { toMarkValue } from './marks.ts';
import { placeOf, standingOf, type WalkedRow, walk } from './walk.ts';

export function sqlCatalogue(db: Kysely<LedgerTables>): Catalogue {
  return {
    page: (ask) => page(db, ask),

    async named({ kind, begins, most }) {
      const start = toMarkValue(begins);
      const names: string[] = [];
      // One step into the index a name, however many alerts have it.
      while (start !== '' && names.length < most) {
        const row = await db
          .selectFrom('alert_marks')
          .select((select) => select.fn.min('value').as('value'))
          .where('kind', '=', kind)
          .where('value', names.length === 0 ? '>=' : '>', names.at(-1) ?? start)
          .executeTakeFirst();
        if (!row?.value?.startsWith(start)) break;
        names.push(row.value);
      }
      return names;
    },

    async volumes({ tenant, edges }) {
      const [from, to] = [edges[0], edges.at(-1)];
      if (from === undefined || to === undefined || edges.length < 2) return [];
      return tenant === undefined ? volumesOfAll(db, edges) : volumesOf(db, tenant, edges);
    },

    async createdSince(tenants, since) {
      const counts = new Map<TenantId, number>();
      if (tenants.length === 0) return counts;
      const rows = await db
        .selectFrom('alerts')
        .select((select) => ['tenant', select.fn.countAll<number>().as('n')])
        .where('tenant', 'in', [...tenants])
        .where('created_at', '>=', since)
        .groupBy('tenant')
        .execute();
      for (const { tenant, n } of rows) counts.set(tenant as TenantId, Number(n));
      return counts;
    },

    causes: (ask) => causes(db, ask),
    heldFor: (ask) => heldFor(db, ask),
  };
}

async function page(
  db: Kysely<LedgerTables>,
  { filter, from, most }: Parameters<Catalogue['page']>[0],
): ReturnType<Catalogue['page']> {
  const { found, stoppedAt } = await walk(db, { filter, ...(from ? { from } : {}), most: most + 1 });
  const shown = found.slice(0, most);
  const last = shown.at(-1);
  const onward = found.length > most && last ? placeOf(last) : stoppedAt && placeOf(stoppedAt);
  const back = from && (shown[0] ? placeOf(shown[0]) : from.place);
  const newer = from?.towards === 'newer';
  const [older, younger] = newer ? [back, onward] : [onward, back];
  return {
    lines: await linesOf(db, newer ? shown.toReversed() : shown),
    ...(older ? { older } : {}),
    ...(younger ? { newer: younger } : {}),
    ...(stoppedAt ? { lookedTo: stoppedAt.created_at } : {}),
  };
}

async function linesOf(db: Kysely<LedgerTables>, rows: readonly WalkedRow[]): Promise<readonly CatalogueLine[]> {
  if (rows.length === 0) return [];
  const more = await db
    .selectFrom('records')
    .leftJoin('proposals', 'proposals.dedup_key', 'records.dedup_key')
    .leftJoin('links', 'links.dedup_key', 'records.dedup_key')
    .select(['records.dedup_key', 'json', 'category', 'ticket_id', 'ticket_key', 'ticket_url'])
    // The record, which may be large, is read where no decision tells of its users yet.
    .select(sql<string | null>`case when proposals.json is null then records.alert else null end`.as('alert'))
    .where(
      'records.dedup_key',
      'in',
      rows.map(({ dedup_key }) => dedup_key),
    )
    .execute();
  const moreOf = new Map(more.map((row) => [row.dedup_key, row]));
  return rows.map((row) => {
    const besides = moreOf.get(row.dedup_key);
    const said: Partial<AlertLine> = besides?.json ? JSON.parse(besides.json) : {};
    const record: { users?: readonly { name: string }[] } = besides?.alert ? JSON.parse(besides.alert) : {};
    const { ticket_id: id, ticket_key: ticket, ticket_url: url } = besides ?? {};
    return {
      key: row.dedup_key as DedupKey,
      tenant: row.tenant as TenantId,
      alertId: row.alert_id as AlertId,
      title: row.title,
      severity: row.severity as Severity,
      createdAt: row.created_at,
      standing: standingOf(row),
      why: row.why ?? said.why ?? '',
      users: said.users ?? record.users?.map(({ name }) => name) ?? [],
      ...(besides?.category ? { category: besides.category as CategoryPath } : {}),
      ...(id && ticket && url ? { ticket: { id, key: ticket, url } } : {}),
    };
  });
}

type Volume = Record<Severity, number>;

const none = (): Volume => ({ high: 0, medium: 0, low: 0, informational: 0 });

/** Counted in the index of severities, without a look at the alerts. */
async function volumesOfAll(db: Kysely<LedgerTables>, edges: readonly number[]): Promise<readonly Volume[]> {
  const volumes = edges.slice(1).map(none);
  for (const severity of SEVERITIES)
    for (const [i, volume] of volumes.entries()) {
      const row = await db
        .selectFrom('alerts')
        .select((select) => select.fn.countAll<number>().as('n'))
        .where('severity', '=', severity)
        .where('created_at', '>=', edges[i] ?? 0)
        .where('created_at', '<', edges[i + 1] ?? 0)
        .executeTakeFirstOrThrow();
      volume[severity] = Number(row.n);
    }
  return volumes;
}

async function volumesOf(
  db: Kysely<LedgerTables>,
  tenant: TenantId,
  edges: readonly number[],
): Promise<readonly Volume[]> {
  const volumes = edges.slice(1).map(none);
  for (const [i, volume] of volumes.entries()) {
    const rows = await db
      .selectFrom('alerts')
      .select((select) => ['severity', select.fn.countAll<number>().as('n')])
      .where('tenant', '=', tenant)
      .where('created_at', '>=', edges[i] ?? 0)
      .where('created_at', '<', edges[i + 1] ?? 0)
      .groupBy('severity')
      .execute();
    for (const { severity, n } of rows) volume[severity as Severity] = Number(n);
  }
  return volumes;
}
