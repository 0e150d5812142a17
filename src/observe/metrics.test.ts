import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { anAlertLine, scored, unchecked } from '../../test/alert-lines.ts';
import { HandClock } from '../../test/hand-clock.ts';
import type { DedupKey, TenantId } from '../domain/alert.ts';
import type { AuditReport } from '../domain/audit.ts';
import type { SiteId } from '../domain/ticket.ts';
import type { Standing, TenantVitals } from '../domain/vitals.ts';
import { COUNTERS, GAUGES, HISTOGRAMS } from './metric-names.ts';
import { createMetrics } from './metrics.ts';

const tenant = 'contoso' as TenantId;
const key = 'contoso/1' as DedupKey;

function recount(of: TenantId): AuditReport {
  const counts = { source: 1, ledger: 1, issues: 1, admitted: 0, differences: [], failures: [] };
  return { tenant: of, at: 0, from: 0, to: 0, ...counts };
}

function rig() {
  const clock = new HandClock();
  let looks = 0;
  const own: TenantVitals = {
    tenant,
    open: 3,
    unknown: 1,
    heldBy: { refused: 2 },
    heldLately: 2,
    notesOpen: 0,
    hintsWaiting: 0,
  };
  const seen: Standing = {
    vitals: {
      at: clock.now(),
      tenants: [own],
      sweeps: [{ site: 'default' as SiteId, at: clock.now() - 60_000 }],
      credentials: [],
    },
    warnings: [{ kind: 'held', tenant, says: '2 held', mend: 'casewire held' }],
  };
  const state: { seen: Standing | Error } = { seen };
  const metrics = createMetrics({
    clock,
    version: '1.2.3',
    memory: () => 1024,
    look: async () => {
      looks += 1;
      if (state.seen instanceof Error) throw state.seen;
      return state.seen;
    },
  });
  return { clock, metrics, own, seen, state, looks: () => looks };
}

describe('the metrics', () => {
  it('count what the flows tell', async () => {
    const { metrics, clock } = rig();
    metrics.note({ event: 'poll-started', tenant });
    metrics.note({ event: 'page-admitted', tenant, read: 5, fresh: 3 });
    clock.advance(2_000);
    metrics.note({ event: 'poll-ended', tenant });
    metrics.note({ event: 'sweep-started' });
    metrics.note({ event: 'audit-started', tenant });
    metrics.note({ event: 'audit-started', tenant: 'fabrikam' as TenantId });
    clock.advance(3_000);
    metrics.note({ event: 'swept', summary: { issues: 9, closed: [], left: [], failures: [] } });
    metrics.note({ event: 'audited', report: recount(tenant) });
    clock.advance(4_000);
    metrics.note({ event: 'audited', report: recount('fabrikam' as TenantId) });
    metrics.note({ event: 'create-answered', tenant, key, outcome: 'unknown' });
    const twin = { site: 'default' as SiteId, twin: { id: '2', key: 'SOC-2' }, original: { key: 'SOC-1' }, foundAt: 0 };
    metrics.note({ event: 'twin-closed', twin });
    metrics.note({ event: 'looked-up', finding: scored('203.0.113.7', 3) });
    metrics.note({ event: 'looked-up', finding: unchecked('203.0.113.8') });
    metrics.note({ event: 'looked-up', finding: scored('203.0.113.9', 3), remembered: true });
    metrics.note({ event: 'remembered', addresses: 4 });
    metrics.note({ event: 'settled', line: anAlertLine({ createdAt: clock.now() - 45_000 }) });
    metrics.note({ event: 'settled', line: anAlertLine({ outcome: 'waiting' }) });
    const lines = (await metrics.text()).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'casewire_records_read_total{tenant="contoso"} 5',
        'casewire_alerts_seen_total{tenant="contoso"} 3',
        'casewire_polls_total{tenant="contoso",outcome="ended"} 1',
        'casewire_creates_total{outcome="unknown"} 1',
        'casewire_duplicates_found_total{site="default"} 1',
        'casewire_look_ups_total{outcome="checked"} 1',
        'casewire_look_ups_total{outcome="not-checked"} 1',
        'casewire_look_up_cache_hits_total 5',
        'casewire_alerts_settled_total{tenant="contoso",outcome="raised"} 1',
        'casewire_alert_to_issue_seconds_bucket{le="60"} 1',
        'casewire_job_seconds_sum{job="poll"} 2',
        'casewire_job_seconds_sum{job="sweep"} 3',
        'casewire_job_seconds_sum{job="audit"} 10',
        'casewire_job_seconds_count{job="audit"} 2',
        'casewire_build_info{version="1.2.3"} 1',
      ]),
    );
    expect(lines.join()).not.toContain('waiting"}');
  });

  it.each([
    [200, '2xx'],
    [404, '4xx'],
    [429, '429'],
    [503, '5xx'],
    [undefined, 'none'],
  ])('file a call that was answered %s under %s', async (status, label) => {
    const { metrics } = rig();
    metrics.called({ service: 'Jira', ms: 120, ...(status === undefined ? {} : { status }) });
    expect(await metrics.text()).toContain(`casewire_api_call_seconds_count{service="Jira",status="${label}"} 1`);
  });

  it('show how the ledger stands, and forget what it no longer says', async () => {
    const { metrics, clock, own, seen, state } = rig();
    const before = await metrics.text();
    expect(before).toContain('casewire_held_alerts{tenant="contoso",reason="refused"} 2');
    expect(before).toContain('casewire_warning{kind="held",tenant="contoso"} 1');
    expect(before).toContain('casewire_last_sweep_age_seconds{site="default"} 60');
    clock.advance(5_000);
    state.seen = { vitals: { ...seen.vitals, tenants: [{ ...own, heldBy: {} }] }, warnings: [] };
    const after = await metrics.text();
    expect(after).not.toContain('casewire_held_alerts{');
    expect(after).not.toContain('casewire_warning{');
  });

  it('ask the ledger once in five seconds, however often they are scraped', async () => {
    const { metrics, clock, looks } = rig();
    await Promise.all([metrics.text(), metrics.text()]);
    clock.advance(4_999);
    await metrics.text();
    expect(looks()).toBe(1);
    clock.advance(1);
    await metrics.text();
    expect(looks()).toBe(2);
  });

  it('leave out what the ledger does not tell instead of showing old numbers', async () => {
    const { metrics, clock, state } = rig();
    await metrics.text();
    clock.advance(5_000);
    state.seen = new Error('disk I/O error');
    const text = await metrics.text();
    expect(text).toContain('casewire_up_to_date 0');
    expect(text).not.toMatch(/^casewire_(open_alerts|look_ups_left|held_alerts)/m);
  });
});

describe('the names of the metrics', () => {
  const root = resolve(import.meta.dirname, '../..');
  const exported = Object.keys({ ...COUNTERS, ...GAUGES, ...HISTOGRAMS });
  const named = (file: string) => [
    ...new Set(
      [...readFileSync(join(root, file), 'utf8').matchAll(/\bcasewire_\w+/g)].map(([name]) =>
        name.replace(/_(bucket|sum|count)$/, ''),
      ),
    ),
  ];

  it.each(['docs/metrics.md', 'docs/alerting-rules.yaml', 'docs/dashboard.json'])(
    'that %s speaks of are all exported',
    (file) => {
      expect(named(file).filter((name) => !exported.includes(name))).toEqual([]);
      expect(named(file).length).toBeGreaterThan(5);
    },
  );

  it('are all in docs/metrics.md', () => {
    const documented = named('docs/metrics.md');
    expect(exported.filter((name) => !documented.includes(name))).toEqual([]);
  });

  it('stand in rules and a dashboard that can be read as such', () => {
    const rules = parse(readFileSync(join(root, 'docs/alerting-rules.yaml'), 'utf8')).groups[0].rules;
    for (const rule of rules) expect(rule).toMatchObject({ alert: expect.any(String), expr: expect.any(String) });
    const { panels } = JSON.parse(readFileSync(join(root, 'docs/dashboard.json'), 'utf8'));
    expect(new Set(panels.map(({ id }: { id: number }) => id)).size).toBe(panels.length);
  });

  it('are prefixed, and say their unit', () => {
    for (const name of Object.keys(COUNTERS)) expect(name).toMatch(/^casewire_[a-z_]+_total$/);
    for (const name of Object.keys(HISTOGRAMS)) expect(name).toMatch(/^casewire_[a-z_]+_seconds$/);
    for (const name of Object.keys(GAUGES)) expect(name).toMatch(/^casewire_[a-z_]+(?<!_total)$/);
  });
});
