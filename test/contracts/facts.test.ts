import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Alert, dedupKeyOf, type TenantId } from '../../src/domain/alert.ts';
import type { AlertFacts } from '../../src/domain/facts.ts';
import type { Agreement } from '../../src/domain/link.ts';
import type { Route, SiteId, TicketRef } from '../../src/domain/ticket.ts';
import type { Ending, Ledger, Owner, Settlement } from '../../src/ledger/ledger.ts';
import { anAlert } from '../builders.ts';
import { onEachStore } from '../stores.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const T0 = Date.parse('2026-11-23T00:00:00Z');
const contoso = 'contoso' as TenantId;
const me = 'here/1/me' as Owner;
const site = 'default' as SiteId;
const route: Route = { site, project: 'SOC', issueType: 'Task' };
const login = { rsitClass: 'intrusion-attempts', rsitType: 'login-attempts' };

onEachStore('the facts', ({ store }) => {
  let place: ReturnType<typeof store>;
  let ledger: Ledger;
  beforeEach(async () => {
    place = store();
    ledger = await place.open();
  });
  afterEach(async () => {
    await ledger.close();
    await place.remove();
  });

  const keyOf = (id: string) => dedupKeyOf(contoso, id as Alert['id']);
  const lineOf = (id: string, more: object = {}) =>
    JSON.stringify({
      title: `Alert ${id}`,
      severity: 'high',
      category: login,
      users: ['jane@contoso.com'],
      findings: [{ checked: false, address: '10.0.0.1', why: 'not public', never: true }],
      rules: { spoke: [{ rule: 'night', said: 'priority High' }], undecided: [] },
      project: 'SOC',
      priority: 'High',
      ...more,
    });
  const ticketOf = (id: string): TicketRef => ({
    id: `1${id}`,
    key: `SOC-${id}`,
    url: `https://jira.example/SOC-${id}`,
  });

  async function admit(
    alerts: readonly { id: string; createdAt: number; severity?: Alert['severity']; raw?: string }[],
    now: number,
    unreadable: readonly { id: string; createdAt: number; why: string; raw: string }[] = [],
  ) {
    const { reading } = ledger;
    const page = { alerts: alerts.map((alert) => anAlert(alert)), unreadable, warnings: [], position: { memo: '' } };
    await reading.begin({ tenant: contoso, owner: me, now, until: now + HOUR });
    await reading.admit({ tenant: contoso, owner: me, page, now, until: now + HOUR });
    await reading.end({ tenant: contoso, owner: me, now, everyMs: 5 * MINUTE });
  }

  const lease = (now: number) => ledger.inbox.lease({ tenant: contoso, owner: me, now, until: now + HOUR, most: 500 });

  async function settle(id: string, settlement: Partial<Settlement>, now: number) {
    await lease(now);
    const entry = { key: keyOf(id), why: 'because', proposal: lineOf(id), ...settlement } as Settlement;
    await ledger.inbox.settle(me, entry, now);
  }

  async function raise(id: string, now: number, more: Partial<Ending> = {}) {
    await lease(now);
    const key = keyOf(id);
    const claim = { key, owner: me, route, now, until: now + HOUR, proposal: lineOf(id) };
    const attempt = (await ledger.outbox.claim(claim))?.attempt ?? 1;
    const ending = { key, outcome: 'created', attempt, site, ticket: ticketOf(id), ...more } as Ending;
    await ledger.outbox.end(ending, now);
  }

  const agree = (id: string, agreed: Agreement, times = {}) =>
    ledger.links.agree({ key: keyOf(id), agreed, times, notes: [] });

  async function between(from: number, to: number, asOf = T0 + 900 * DAY): Promise<AlertFacts[]> {
    const found: AlertFacts[] = [];
    for await (const page of ledger.facts.between({ tenant: contoso, from, to, asOf })) found.push(...page);
    return found;
  }
  const namesOf = (alerts: readonly AlertFacts[]) => alerts.map(({ alertId }) => alertId);
  const factsOf = async (id: string) => (await ledger.factLog.of([keyOf(id)])).get(keyOf(id)) ?? [];
  const wordsOf = async (id: string) => (await factsOf(id)).map(({ fact, at }) => `${fact} ${(at - T0) / MINUTE}`);

  it('tell a raised alert as it was decided, with its issue', async () => {
    await admit([{ id: '1', createdAt: T0 }], T0 + MINUTE);
    await raise('1', T0 + 2 * MINUTE);
    const at = T0 + 2 * MINUTE;
    expect(await between(T0, T0 + DAY)).toEqual([
      {
        key: 'contoso/1',
        tenant: contoso,
        alertId: '1',
        title: 'Alert 1',
        type: 'Impossible travel',
        severity: 'high',
        createdAt: T0,
        seenAt: T0 + MINUTE,
        url: 'https://contoso.portal.cloudappsecurity.com/#/alerts/1',
        category: login,
        users: ['jane@contoso.com'],
        findings: [{ checked: false, address: '10.0.0.1', why: 'not public', never: true }],
        rules: ['night'],
        facts: [{ fact: 'raised', at, recordedAt: at, ticket: ticketOf('1'), site, project: 'SOC', priority: 'High' }],
      },
    ]);
  });

  it('say once that an issue was made, and tell one that was found or listed by its own word', async () => {
    await admit(
      ['1', '2', '3'].map((id) => ({ id, createdAt: T0 })),
      T0,
    );
    await raise('1', T0 + MINUTE);
    await raise('1', T0 + 5 * MINUTE, { found: true });
    await raise('2', T0 + 2 * MINUTE, { found: true });
    await raise('3', T0 + 3 * MINUTE, { found: true, listed: true });
    expect(await wordsOf('1')).toEqual(['raised 1']);
    expect(await wordsOf('2')).toEqual(['adopted 2']);
    expect(await wordsOf('3')).toEqual(['attached 3']);
  });

  it('tell who suppressed, what is held and why, and what a person did with it', async () => {
    await admit(
      ['1', '2', '3'].map((id) => ({ id, createdAt: T0 })),
      T0,
    );
    const rules = { spoke: [{ rule: 'vpn', said: 'no ticket' }], undecided: [], suppressedBy: 'vpn' };
    await settle('1', { state: 'suppressed', proposal: lineOf('1', { rules }) }, T0);
    await settle('2', { state: 'held', reason: 'mapping', why: 'no field' }, T0);
    await settle('3', { state: 'held', reason: 'mapping', why: 'no field' }, T0);
    await ledger.held.retry([keyOf('2')], new Map(), T0 + MINUTE);
    await raise('2', T0 + 2 * MINUTE);
    await ledger.held.drop(keyOf('3'), 'a test', T0 + 3 * MINUTE);
    expect(await factsOf('1')).toEqual([{ fact: 'suppressed', at: T0, recordedAt: T0, why: 'because', rule: 'vpn' }]);
    expect(await wordsOf('2')).toEqual(['held 0', 'released 1', 'raised 2']);
    expect(await factsOf('3')).toEqual([
      { fact: 'held', at: T0, recordedAt: T0, reason: 'mapping', why: 'no field' },
      { fact: 'dropped', at: T0 + 3 * MINUTE, recordedAt: T0 + 3 * MINUTE, why: 'a test' },
    ]);
  });

  it('name users and addresses as they were admitted, whatever is decided later', async () => {
    const { reading } = ledger;
    const named = (id: string) => ({
      ...anAlert({ id, createdAt: T0 }),
      users: [{ name: 'ada@contoso.com', origin: 'entity' as const }],
      ips: [{ address: '203.0.113.7', origin: 'entity' as const }],
    });
    const page = { alerts: ['1', '2'].map(named), unreadable: [], warnings: [], position: { memo: '' } };
    await reading.begin({ tenant: contoso, owner: me, now: T0, until: T0 + HOUR });
    await reading.admit({ tenant: contoso, owner: me, page, now: T0, until: T0 + HOUR });
    await reading.end({ tenant: contoso, owner: me, now: T0 });
    await settle('1', { state: 'suppressed', proposal: lineOf('1', { users: [], findings: [] }) }, T0);
    const why = 'the alert has no issue, so no look-up was made';
    const findings = [{ checked: false, address: '203.0.113.7', why, unneeded: true }];
    for (const alert of await between(T0, T0 + DAY))
      expect(alert).toMatchObject({ users: ['ada@contoso.com'], findings });
  });

  const closedAs = (verdict: 'benign' | 'true_positive' | 'false_positive', closedAt?: number) =>
    ({ open: false, verdict, ...(closedAt === undefined ? {} : { closedAt }) }) as const;

  it('tell verdicts that were given in Defender to alerts without an issue, each once', async () => {
    const shown = (id: string, state: Alert['state'] = { open: true }) => ({
      ...anAlert({ id, createdAt: T0 }),
      state,
    });
    const read = async (alerts: readonly Alert[], now: number) => {
      const page = { alerts, unreadable: [], warnings: [], position: { memo: '' } };
      await ledger.reading.begin({ tenant: contoso, owner: me, now, until: now + HOUR });
      await ledger.reading.admit({ tenant: contoso, owner: me, page, now, until: now + HOUR });
      await ledger.reading.end({ tenant: contoso, owner: me, now });
    };
    await read([shown('first', closedAs('benign', T0 - MINUTE)), shown('lab'), shown('own')], T0);
    await raise('own', T0);
    await settle('lab', { state: 'suppressed' }, T0);
    const again = [
      shown('first', closedAs('benign', T0 - MINUTE)),
      shown('lab', closedAs('false_positive')),
      shown('own', closedAs('benign')),
    ];
    await read(again, T0 + 5 * MINUTE);
    await read(again, T0 + 6 * MINUTE);
    await ledger.unlinked.saw([shown('lab', closedAs('true_positive'))], T0 + 7 * MINUTE);
    await ledger.unlinked.saw([shown('lab')], T0 + 8 * MINUTE);
    expect(await wordsOf('first')).toEqual(['closed -1']);
    expect(await wordsOf('lab')).toEqual(['suppressed 0', 'closed 5', 'closed 7', 'alert-reopened 8']);
    // What becomes of one with an issue, its link tells.
    expect(await wordsOf('own')).toEqual(['raised 0']);
    const listed = await ledger.unlinked.list({ tenant: contoso, since: T0, most: 10 });
    expect([...listed].sort()).toEqual(['first', 'lab']);
    await agree('own', { alert: 'open', issue: 'gone', at: T0 + 9 * MINUTE });
    await read([shown('own', closedAs('true_positive'))], T0 + 10 * MINUTE);
    expect(await wordsOf('own')).toEqual(['raised 0', 'issue-gone 9', 'closed 10']);
  });

  it('say that a held alert that was closed in Defender needs nobody, until it is opened again', async () => {
    await admit(
      ['1', '2'].map((id) => ({ id, createdAt: T0 })),
      T0,
    );
    for (const id of ['1', '2']) await settle(id, { state: 'held', reason: 'mapping', why: 'no field' }, T0);
    const held = async () => (await ledger.held.list()).map(({ alertId }) => alertId);
    await ledger.unlinked.saw(
      ['1', '2'].map((id) => ({ ...anAlert({ id, createdAt: T0 }), state: closedAs('benign') })),
      T0 + MINUTE,
    );
    expect(await held()).toEqual([]);
    expect(await ledger.inbox.release({ tenant: contoso, now: T0 + DAY, policy: 'another' })).toBe(0);
    expect(await wordsOf('1')).toEqual(['held 0', 'closed 1']);
    await ledger.unlinked.saw([anAlert({ id: '1', createdAt: T0 })], T0 + 2 * MINUTE);
    expect(await ledger.overview.waiting(contoso, 5)).toMatchObject({ count: 1 });
    // What a person dropped stays dropped.
    await admit([{ id: '3', createdAt: T0 }], T0 + HOUR);
    await settle('3', { state: 'held', reason: 'mapping', why: 'no field' }, T0 + HOUR);
    await ledger.held.drop(keyOf('3'), 'a test', T0 + HOUR);
    await ledger.unlinked.saw([{ ...anAlert({ id: '3', createdAt: T0 }), state: closedAs('benign') }], T0 + 2 * HOUR);
    await ledger.unlinked.saw([anAlert({ id: '3', createdAt: T0 })], T0 + 3 * HOUR);
    expect(await ledger.overview.waiting(contoso, 5)).toMatchObject({ count: 1 });
  });

  it('tell what does not fit as held: records that cannot be read, refused tickets, a storm', async () => {
    const bad = { id: 'bad', createdAt: T0, why: 'not an object', raw: '[]' };
    await admit([{ id: '1', createdAt: T0 }], T0, [bad]);
    const refused = { outcome: 'refused', reason: 'refused', why: 'no such type', retryAt: T0 + HOUR, policy: 'p' };
    await raise('1', T0 + MINUTE, refused as Partial<Ending>);
    await admit([{ id: '2', createdAt: T0 }], T0 + MINUTE);
    await ledger.inbox.holdStorm({ tenant: contoso, now: T0 + MINUTE, retryAt: T0 + HOUR, why: 'too many' });
    const reasons = async (id: string) => (await factsOf(id)).map((fact) => fact.fact === 'held' && fact.reason);
    expect(await reasons('bad')).toEqual(['unreadable']);
    expect(await reasons('1')).toEqual(['refused']);
    expect(await reasons('2')).toEqual(['storm']);
  });

  it('do not repeat that an alert is held which goes back and forth by itself', async () => {
    await admit([{ id: '1', createdAt: T0 }], T0);
    for (const hour of [0, 1, 2]) {
      await ledger.inbox.release({ tenant: contoso, now: T0 + hour * HOUR, policy: 'p' });
      await settle('1', { state: 'held', reason: 'storm', retryAt: T0 + (hour + 1) * HOUR }, T0 + hour * HOUR);
    }
    expect(await wordsOf('1')).toEqual(['held 0']);
    await ledger.inbox.release({ tenant: contoso, now: T0 + 3 * HOUR, policy: 'p' });
    await settle('1', { state: 'held', reason: 'mapping' }, T0 + 3 * HOUR);
    expect(await wordsOf('1')).toEqual(['held 0', 'held 180']);
  });

  it('tell what alert and issue agreed on, by the sides’ own times, and nothing twice', async () => {
    await admit([{ id: '1', createdAt: T0 }], T0);
    await raise('1', T0);
    const at = T0 + 30 * MINUTE;
    const closed = { alert: 'closed', verdict: 'benign', issue: 'done', at } as const;
    await agree('1', closed, { closedAt: T0 + 10 * MINUTE, doneAt: T0 + 20 * MINUTE, resolution: 'Done' });
    await agree('1', { ...closed, at: at + MINUTE });
    await agree('1', { alert: 'open', issue: 'open', at: T0 + 40 * MINUTE }, { reopenedAt: T0 + 35 * MINUTE });
    await agree('1', { alert: 'closed', verdict: 'true_positive', issue: 'gone', at: T0 + 50 * MINUTE });
    expect(await wordsOf('1')).toEqual([
      'raised 0',
      'closed 10',
      'resolved 20',
      'reopened 35',
      'alert-reopened 40',
      'issue-gone 50',
      'closed 50',
    ]);
    // Another verdict while it is closed is given when it is given, and the first one was given too.
    await agree('1', { alert: 'closed', verdict: 'false_positive', issue: 'gone', at: T0 + 60 * MINUTE });
    await agree('1', { alert: 'closed', verdict: 'false_positive', issue: 'gone', at: T0 + 61 * MINUTE });
    expect((await factsOf('1')).slice(-2)).toEqual([
      { fact: 'closed', verdict: 'true_positive', at: T0 + 50 * MINUTE, recordedAt: T0 + 50 * MINUTE },
      { fact: 'closed', verdict: 'false_positive', at: T0 + 60 * MINUTE, recordedAt: T0 + 60 * MINUTE },
    ]);
  });

  it('leave what the issue’s history said before as it is', async () => {
    await admit([{ id: '1', createdAt: T0 }], T0);
    await raise('1', T0);
    const key = keyOf('1');
    const recordedAt = T0 + HOUR;
    await ledger.factLog.record([{ key, turn: 1, fact: { fact: 'resolved', at: T0 + 7 * MINUTE, recordedAt } }]);
    await agree('1', { alert: 'open', issue: 'done', at: T0 + HOUR });
    expect(await wordsOf('1')).toEqual(['raised 0', 'resolved 7']);
  });

  it('come page by page, in the order of creation, with older alerts whose issue was open', async () => {
    const many = Array.from({ length: 1_005 }, (_, n) => ({ id: `m${n}`, createdAt: T0 + DAY + (n % 3) }));
    const older = ['old-open', 'old-closed-in', 'old-closed-before', 'old-without'];
    await admit(
      older.map((id, n) => ({ id, createdAt: T0 + n })),
      T0 + 10,
    );
    for (const id of older.slice(0, 3)) await raise(id, T0 + 20);
    await agree('old-closed-before', { alert: 'closed', issue: 'done', at: T0 + HOUR });
    await admit(many, T0 + DAY + MINUTE);
    await agree('old-closed-in', { alert: 'closed', issue: 'done', at: T0 + DAY + HOUR });
    await admit([{ id: 'later', createdAt: T0 + 2 * DAY }], T0 + 2 * DAY);
    const found = await between(T0 + DAY, T0 + 2 * DAY);
    expect(namesOf(found.slice(0, 3))).toEqual(['old-open', 'old-closed-in', 'm0']);
    expect(found).toHaveLength(1_007);
    expect(new Set(namesOf(found)).size).toBe(1_007);
    const order = found.map(({ createdAt, key }) => [createdAt, key] as const);
    expect(order).toEqual(order.toSorted((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1)));
  });

  it('say the same of an instant whatever is learnt, corrected and added after it', async () => {
    await admit(
      [
        { id: '1', createdAt: T0 },
        { id: '2', createdAt: T0 + 1 },
        { id: '3', createdAt: T0 + 2, severity: 'low' },
      ],
      T0,
    );
    await settle('2', { state: 'held', reason: 'mapping' }, T0);
    await raise('1', T0);
    await agree('1', { alert: 'open', issue: 'done', at: T0 + HOUR });
    const asOf = T0 + DAY;
    const ask = { tenant: contoso, from: T0, to: T0 + DAY, asOf };
    const told = async () => ({
      alerts: await between(T0, T0 + DAY, asOf),
      next: await between(T0 + DAY, T0 + 2 * DAY, asOf),
      volumes: await ledger.facts.volumes({ tenants: [contoso], edges: [T0, T0 + DAY], asOf }),
      readings: await ledger.facts.readings(ask),
      recounts: await ledger.facts.recounts(ask),
    });
    await ledger.editions.freeze({
      kind: 'daily',
      from: T0,
      to: T0 + DAY,
      revision: 1,
      asOf,
      counting: '{}',
    });
    const before = await told();
    expect(before.alerts).toHaveLength(3);

    // Dated at the freezing, as what was under way then would be.
    await admit([{ id: '4', createdAt: T0 + 3 }], asOf);
    await admit([{ id: '3', createdAt: T0 + 2, severity: 'high', raw: '{"newer":1}' }], asOf);
    await raise('3', asOf);
    await ledger.held.retry([keyOf('2')], new Map(), asOf);
    await settle('2', { state: 'suppressed', proposal: lineOf('2', { title: 'another', category: undefined }) }, asOf);
    const exact = { fact: 'resolved', at: T0 + MINUTE, recordedAt: asOf } as const;
    await ledger.factLog.record([{ key: keyOf('1'), fact: exact, turn: 1 }]);
    await ledger.audits.record(recount(asOf));
    expect(await told()).toEqual(before);

    const after = await between(T0, T0 + DAY, asOf + 1);
    expect(after.map(({ alertId, severity, facts }) => [alertId, severity, facts.at(-1)?.fact])).toEqual([
      ['1', 'high', 'resolved'],
      ['2', 'high', 'suppressed'],
      ['3', 'high', 'raised'],
      ['4', 'high', undefined],
    ]);
    expect(after[0]?.facts.at(-1)?.at).toBe(T0 + MINUTE);
  });

  const recount = (at: number) => ({
    tenant: contoso,
    at,
    from: T0,
    to: T0 + DAY,
    source: 1,
    ledger: 1,
    issues: 1,
    admitted: 0,
    differences: [],
    failures: [],
  });

  it('count alerts by severity and span, as their records said last before they were decided', async () => {
    await admit(
      [
        { id: '1', createdAt: T0 },
        { id: '2', createdAt: T0 + HOUR, severity: 'low' },
        { id: '3', createdAt: T0 + DAY, severity: 'medium' },
        { id: '4', createdAt: T0 + 2 * DAY },
      ],
      T0 + 2 * DAY,
    );
    await admit([{ id: '2', createdAt: T0 + HOUR, severity: 'informational', raw: '{"newer":1}' }], T0 + 3 * DAY);
    const edges = [T0, T0 + DAY, T0 + 2 * DAY];
    const volumes = (asOf: number) => ledger.facts.volumes({ tenants: [contoso], edges, asOf });
    const none = { high: 0, medium: 0, low: 0, informational: 0 };
    expect(await volumes(T0)).toEqual([none, none]);
    expect(await volumes(T0 + 2 * DAY)).toEqual([
      { ...none, high: 1, low: 1 },
      { ...none, medium: 1 },
    ]);
    expect(await volumes(T0 + 3 * DAY)).toEqual([
      { ...none, high: 1, informational: 1 },
      { ...none, medium: 1 },
    ]);
  });

  it('say how often a tenant was read in each hour, and where it was not read for long', async () => {
    const read = async (minute: number, failure?: string) => {
      const now = T0 + minute * MINUTE;
      await ledger.reading.begin({ tenant: contoso, owner: me, now, until: now + HOUR });
      const failed = failure === undefined ? {} : { failure };
      await ledger.reading.end({ tenant: contoso, owner: me, now, everyMs: 5 * MINUTE, ...failed });
    };
    for (const minute of [0, 5, 20]) await read(minute);
    await read(25, 'no answer');
    const ask = { tenant: contoso, from: T0, to: T0 + DAY };
    const gap = { tenant: contoso, from: T0 + 20 * MINUTE, why: 'no answer' };
    const hour = { tenant: contoso, hour: T0, done: 3, failed: 1, why: 'no answer' };
    const early = { hours: [hour], gaps: [] };
    expect(await ledger.facts.readings({ ...ask, asOf: T0 + 30 * MINUTE })).toEqual(early);
    expect(await ledger.facts.readings({ ...ask, asOf: T0 + 50 * MINUTE })).toEqual({ hours: [hour], gaps: [gap] });
    await read(65);
    expect((await ledger.facts.readings({ ...ask, asOf: T0 + 50 * MINUTE })).gaps).toEqual([gap]);
    // As of then it was no gap yet, whatever became of it.
    expect((await ledger.facts.readings({ ...ask, asOf: T0 + 30 * MINUTE })).gaps).toEqual([]);
    expect(await ledger.facts.readings({ ...ask, asOf: T0 + 70 * MINUTE })).toEqual({
      hours: [hour, { tenant: contoso, hour: T0 + HOUR, done: 1, failed: 0 }],
      gaps: [{ ...gap, to: T0 + 65 * MINUTE }],
    });
    expect(await ledger.facts.readings({ ...ask, from: T0 + HOUR, to: T0 + DAY, asOf: T0 + DAY })).toMatchObject({
      hours: [{ hour: T0 + HOUR }],
      gaps: [{ from: T0 + 20 * MINUTE }, { from: T0 + 65 * MINUTE }],
    });
  });

  it('say that a tenant was never read, since it was first tried', async () => {
    const now = T0 + MINUTE;
    await ledger.reading.begin({ tenant: contoso, owner: me, now, until: now + HOUR });
    await ledger.reading.end({ tenant: contoso, owner: me, now, everyMs: 5 * MINUTE, failure: 'refused' });
    const gaps = async (asOf: number) =>
      (await ledger.facts.readings({ tenant: contoso, from: T0, to: T0 + DAY, asOf })).gaps;
    expect(await gaps(T0 + HOUR)).toEqual([{ tenant: contoso, from: now, why: 'refused' }]);
    await admit([], T0 + 2 * HOUR);
    expect(await gaps(T0 + HOUR)).toEqual([{ tenant: contoso, from: now, why: 'refused' }]);
    expect(await gaps(T0 + 2 * HOUR)).toEqual([{ tenant: contoso, from: now, to: T0 + 2 * HOUR, why: 'refused' }]);
  });

  it('keep every recount, and say when anything was last recorded', async () => {
    expect(await ledger.facts.latest([contoso])).toBeUndefined();
    await admit([{ id: '1', createdAt: T0 }], T0 + 1);
    expect(await ledger.facts.latest([contoso, 'fabrikam' as TenantId])).toBe(T0 + 1);
    await ledger.audits.record(recount(T0 + HOUR));
    await ledger.audits.record(recount(T0 + 2 * HOUR));
    const ask = { tenant: contoso, from: T0, to: T0 + DAY };
    const recounts = async (asOf: number) => (await ledger.facts.recounts({ ...ask, asOf })).map(({ at }) => at - T0);
    expect(await recounts(T0 + 2 * HOUR)).toEqual([HOUR, 2 * HOUR]);
    expect(await recounts(T0 + HOUR)).toEqual([HOUR]);
    expect(await ledger.facts.recounts({ ...ask, from: T0 + DAY, to: T0 + 2 * DAY, asOf: T0 + DAY })).toEqual([]);
    expect(await ledger.facts.latest([contoso])).toBe(T0 + 2 * HOUR);
    await raise('1', T0 + 3 * HOUR);
    expect(await ledger.facts.latest([contoso])).toBe(T0 + 3 * HOUR);
  });

  it('and the change that they tell of are stored together or not at all', async () => {
    await admit([{ id: '1', createdAt: T0 }], T0);
    await lease(T0);
    const db = await place.db();
    await db.schema.alterTable('facts').renameTo('away').execute();
    const settlement = { key: keyOf('1'), state: 'suppressed', why: 'because', proposal: lineOf('1') } as const;
    await expect(ledger.inbox.settle(me, settlement, T0)).rejects.toThrow();
    await db.schema
      .alterTable('away' as 'facts')
      .renameTo('facts')
      .execute();
    expect((await ledger.overview.history(keyOf('1')))?.line.state).toBe('pending');
    expect(await factsOf('1')).toEqual([]);
    await ledger.inbox.settle(me, settlement, T0);
    expect(await wordsOf('1')).toEqual(['suppressed 0']);
    await db.destroy();
  });
});
