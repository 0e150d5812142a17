import { describe, expect, it } from 'vitest';
import { FactsInMemory, lifelikeAlerts } from '../../../test/report-facts.ts';
import { reportRig } from '../../../test/report-rig.ts';
import type { TenantId } from '../../domain/alert.ts';
import type { Figures, OverviewModel } from '../model.ts';
import { overview } from '../numbers/overview.ts';
import { summarise } from '../numbers/summarise.ts';
import type { Block, Paper, TableBlock } from '../paper.ts';
import type { PeriodKind } from '../periods/period.ts';
import { periodAt } from '../periods/periods.ts';
import { tableNames } from '../render/render-csv.ts';
import { composeAll, composeReport } from './compose.ts';

const contoso = 'contoso' as TenantId;
const asOf = Date.parse('2026-11-24T20:00:00Z');
const composing = { revision: 1, version: '1.0.0' };
const KINDS = ['daily', 'weekly', 'monthly'] as const;

async function paperOf(kind: PeriodKind, facts = reportRig().facts, whole = false): Promise<Paper> {
  const period = periodAt(kind, 'UTC', Date.parse('2026-10-14T12:00:00Z'));
  const model = await summarise(facts, { tenant: contoso, period, asOf, sla: { targets: {} } });
  return composeReport(model, { ...composing, whole });
}

function tablesOf({ blocks }: Paper): TableBlock[] {
  return blocks.flatMap((block) => (block.block === 'table' ? [block] : []));
}

function textsOf(blocks: readonly Block[]): string {
  return JSON.stringify(blocks);
}

/** The same tenant, whose alerts and issues are not kept in step. */
async function untended(kind: PeriodKind): Promise<Paper> {
  const touches = ['acknowledged', 'resolved', 'reopened', 'closed', 'alert-reopened'];
  const made = lifelikeAlerts({ from: '2026-10-01T00:00:00Z', to: '2026-11-01T00:00:00Z', perDay: 5 });
  const facts = new FactsInMemory(
    made.map((alert) => ({ ...alert, facts: alert.facts.filter(({ fact }) => !touches.includes(fact)) })),
  );
  const period = periodAt(kind, 'UTC', Date.parse('2026-10-14T12:00:00Z'));
  const sla = { targets: { high: { acknowledgeMs: 1, resolveMs: 2 } } };
  return composeReport(await summarise(facts, { tenant: contoso, period, asOf, sla, inStep: false }), composing);
}

/** A provider of so many tenants, each like the one. */
async function many(tenants: number): Promise<OverviewModel> {
  const facts = new FactsInMemory(
    lifelikeAlerts({ from: '2026-10-01T00:00:00Z', to: '2026-11-01T00:00:00Z', perDay: 2 }),
  );
  const period = periodAt('monthly', 'UTC', Date.parse('2026-10-14T12:00:00Z'));
  const model = await overview(facts, { tenants: [contoso], period, asOf, sla: { targets: {} } });
  const [row] = model.tenants;
  if (!row) throw new Error('not reached');
  const rows = Array.from({ length: tenants }, (_, i) => ({
    ...row,
    tenant: `tenant-${i}` as TenantId,
    state: 'whole' as const,
  }));
  return {
    ...model,
    tenants: rows,
    totals: { ...model.totals, tenants, states: { ...model.totals.states, 'not-read': 0, whole: tenants } },
  };
}

describe('a report', () => {
  it('of a tenant whose alerts and issues are not kept in step says so instead of zeros', async () => {
    for (const kind of KINDS) {
      const { blocks } = await untended(kind);
      const page = blocks.slice(
        0,
        blocks.findIndex(({ block }) => block === 'annex'),
      );
      const said = textsOf(page);
      expect(said.match(/Not measured/g)).toHaveLength(1);
      expect(said).not.toMatch(
        /"(label|says)":"[^"]*(Acknowledged|Resolved|in time|[Oo]pen|False positives)|beyond a target|missed its target|took longest/,
      );
    }
  });

  it.each(KINDS)('begins with whether all of it was read, when it is %s', async (kind) => {
    expect((await paperOf(kind)).blocks[0]).toMatchObject({ block: 'notice' });
  });

  it.each(KINDS)('has names that tell its tables and headings apart, when it is %s', async (kind) => {
    const paper = await paperOf(kind);
    const names = tableNames(paper);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
    const ids = paper.blocks.flatMap((block) => (block.block === 'heading' ? [block.id] : []));
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  });

  it.each(KINDS)(
    'has a cell for each column of each row, and a sentence for each table without rows, when it is %s',
    async (kind) => {
      const tables = [...tablesOf(await paperOf(kind)), ...tablesOf(await paperOf(kind, new FactsInMemory([])))];
      for (const { name, columns, rows, empty } of tables) {
        for (const row of rows) expect(row.length, name).toBe(columns.length);
        expect(empty, name).toMatch(/^[A-Z].*\.$/);
      }
    },
  );

  it.each(KINDS)('says where each number comes from, when it is %s', async (kind) => {
    const { blocks } = await paperOf(kind);
    const annex = blocks.slice(blocks.findIndex(({ block }) => block === 'annex'));
    expect(textsOf(annex)).toContain('Where each number comes from');
    expect(textsOf(annex)).toContain('"code":"labels = casewire');
  });

  it('names under each figure, table and chart what it counts, in the same sentence wherever it stands', async () => {
    const told = new Map<string, Set<string>>();
    const papers = [composeAll(await many(2), composing)];
    for (const kind of KINDS)
      papers.push(await paperOf(kind), await paperOf(kind, new FactsInMemory([])), await untended(kind));
    for (const { blocks } of papers)
      for (const block of blocks) {
        if (block.block !== 'figures' && block.block !== 'chart' && block.block !== 'table') continue;
        const name = block.block === 'chart' ? block.chart.name : block.name;
        expect(block.population, name).toMatch(/^[A-Z].*[^.]\.$/);
        told.set(name, (told.get(name) ?? new Set()).add(block.population ?? ''));
      }
    expect([...told].filter(([, sentences]) => sentences.size !== 1)).toEqual([]);
  });

  it('of a day says what was counted in its annex alone, so that the day fits on a page', async () => {
    const { blocks } = await paperOf('daily');
    const page = blocks.slice(
      0,
      blocks.findIndex(({ block }) => block === 'annex'),
    );
    expect(page.filter((block) => 'trace' in block)).toEqual([]);
  });

  it('cuts lists for people, and says of how many; for CSV it does not', async () => {
    const users = (paper: Paper) => tablesOf(paper).find(({ name }) => name === 'users');
    expect(users(await paperOf('monthly'))).toMatchObject({ caption: 'Users by alerts, the first 10 of 12' });
    expect(users(await paperOf('monthly', undefined, true))).toMatchObject({
      caption: 'Users by alerts',
      rows: { length: 12 },
    });
  });

  it('of a tenant that nobody read says so, and not that there was nothing', async () => {
    const { blocks } = await paperOf('weekly', new FactsInMemory([]));
    expect(blocks[0]).toMatchObject({ tone: 'bad', title: 'Nobody looked' });
  });

  it('tells no share in percent of fewer than 20', async () => {
    const facts = new FactsInMemory(
      lifelikeAlerts({ from: '2026-10-12T00:00:00Z', to: '2026-10-16T00:00:00Z', perDay: 3 }),
    );
    const { blocks } = await paperOf('weekly', facts);
    const page = blocks.slice(
      0,
      blocks.findIndex(({ block }) => block === 'annex'),
    );
    expect(textsOf(page).replaceAll('more than 80 %', '')).not.toMatch(/\d %/);
  });
});

describe('an overview of 5,000 tenants', () => {
  it('shows fifty and counts the others', async () => {
    const { blocks } = composeAll(await many(5_000), composing);
    const tenants = blocks.find((block) => block.block === 'table' && block.name === 'tenants') as TableBlock;
    expect(tenants).toMatchObject({ caption: 'Tenants, those in trouble first, the first 50 of 5,000' });
    expect(tenants.rows).toHaveLength(50);
    expect(textsOf(blocks)).toContain('4,950 tenants more');
  });

  it('has them all for CSV', async () => {
    const { blocks } = composeAll(await many(5_000), { ...composing, whole: true });
    expect(blocks.find((block) => block.block === 'table' && block.name === 'tenants')).toMatchObject({
      rows: { length: 5_000 },
    });
  });

  it('adds alerts up as each tenant tells them', async () => {
    const { tenants } = await many(1);
    const figures = tenants[0]?.figures as Figures;
    const table = tablesOf(composeAll(await many(1), composing)).find(({ name }) => name === 'tenants');
    expect(table?.rows[0]?.[2]).toEqual({ text: String(figures.alerts), value: figures.alerts });
  });
});
