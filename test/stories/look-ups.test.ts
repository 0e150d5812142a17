import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AbuseIpDbSim, startAbuseIpDbSim } from '../../src/simulators/abuseipdb-sim.ts';
import { type Fault, faults } from '../../src/simulators/fault.ts';
import { type PassReport, World } from '../world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ALWAYS = { every: 1 };
const SEVERITY = { low: 0, medium: 1, high: 2 } as const;

/** What tickets say of addresses, whatever AbuseIPDB does in the course of a pass. */
describe('a ticket and its look-ups', () => {
  let world: World;
  let abuse: AbuseIpDbSim;

  beforeEach(async () => {
    world = await World.start({ at: '2026-11-23T20:00:00Z' });
    abuse = world.scene.abuseipdb;
    for (const { alerts } of world.scene.cloudApps.tenants.values()) alerts.length = 0;
  });

  afterEach(async () => {
    expect(abuse.mustNotHaveBeenSent).toEqual([]);
    expect(abuse.unexpected).toEqual([]);
    await world.stop();
  });

  let last = 0;
  /** An alert that names these addresses, younger than all before it. */
  function add(addresses: readonly string[], { tenant = 'contoso', severity = 'low' as keyof typeof SEVERITY } = {}) {
    last += 1;
    world.scene.cloudApps.addAlert(tenant, {
      _id: `c0ffee${String(last).padStart(18, '0')}`,
      timestamp: world.clock.now() - HOUR + last * 1_000,
      title: `Sign-in from ${addresses.join(' and ')}`,
      description: 'A sign-in.',
      severityValue: SEVERITY[severity],
      resolutionStatusValue: 0,
      entities: addresses.map((id) => ({ id, label: id, type: 'ip' })),
    });
  }

  /** The issue of the alert that names this address, as text. */
  function issueOf(address: string): string {
    const named = world.scene.jira.issues().filter(({ fields }) => String(fields.summary).endsWith(` ${address}`));
    expect(named, `issues of ${address}`).toHaveLength(1);
    return JSON.stringify(named[0]?.fields);
  }

  const whyOf = (address: string) => / was not checked: ([^"\\]+)/.exec(issueOf(address))?.[1] ?? 'checked';
  const raised = ({ lines }: PassReport) => lines.filter(({ outcome }) => outcome === 'raised').length;
  const many = (count: number, block: number) => Array.from({ length: count }, (_, i) => `${block}.20.30.${i + 1}`);

  it('goes out when the quota ends in mid-pass, and high severity has had its answers', async () => {
    abuse.dailyLimit = 10;
    for (const address of many(40, 8)) add([address]);
    for (const address of many(5, 9)) add([address], { severity: 'high' });
    expect(raised(await world.run())).toBe(45);
    expect(many(5, 9).map(whyOf)).toEqual(Array(5).fill('checked'));
    const low = many(40, 8).map(whyOf);
    expect(low.filter((why) => why === 'checked')).toHaveLength(5);
    expect(new Set(low.filter((why) => why !== 'checked').map((why) => why.replace(/ \(until .*/, '')))).toEqual(
      new Set(['the daily quota of AbuseIPDB is spent']),
    );
  });

  it('finds the quota again on the next day, and asks no more after what it found the evening before', async () => {
    abuse.dailyLimit = 2;
    for (const address of ['8.20.30.1', '8.20.30.2', '8.20.30.3']) add([address]);
    await world.run();
    const checked = ['8.20.30.1', '8.20.30.2', '8.20.30.3'].filter((address) => whyOf(address) === 'checked');
    const [missed = ''] = ['8.20.30.1', '8.20.30.2', '8.20.30.3'].filter((address) => whyOf(address) !== 'checked');
    expect(checked).toHaveLength(2);
    const before = abuse.asked().length;

    world.clock.advance(HOUR);
    add(['8.20.30.9']);
    await world.run();
    expect(whyOf('8.20.30.9')).toBe('the daily quota of AbuseIPDB is spent (until 2026-11-24 00:00:00 UTC)');
    expect(abuse.asked()).toHaveLength(before);

    world.clock.advance(3 * HOUR + MINUTE);
    add([...checked, missed, '8.20.30.4']);
    await world.run();
    expect(abuse.asked().slice(before)).toEqual([missed, '8.20.30.4']);
    const issue = issueOf('8.20.30.4');
    expect(issue).not.toContain('was not checked');
    expect(issue.match(/2026-11-23 20:00:\d\d UTC/g)).toHaveLength(2);
    expect(issue.match(/2026-11-24 00:01:\d\d UTC/g)).toHaveLength(2);
  });

  it('finds its own budget again a day after the first look-up', async () => {
    world.editConfig = (yaml) => yaml.replace('abuseipdb:\n', 'abuseipdb:\n  dailyBudget: 3\n');
    for (const address of many(5, 8)) add([address]);
    await world.run();
    expect(abuse.asked()).toHaveLength(3);
    expect(new Set(many(5, 8).map(whyOf))).toEqual(new Set(['checked', 'the daily budget of 3 look-ups is spent']));
    world.clock.advance(24 * HOUR + MINUTE);
    for (const address of many(3, 9)) add([address]);
    await world.run();
    expect(many(3, 9).map(whyOf)).toEqual(['checked', 'checked', 'checked']);
    expect(abuse.asked()).toHaveLength(6);
  });

  it.each<[string, Fault, string]>([
    ['never answers', faults.hang(), 'no answer from AbuseIPDB within 5 s'],
    ['sends its answer byte by byte', faults.drip(2_000), 'no answer from AbuseIPDB within 5 s'],
    ['cuts its answer short', faults.truncate(), 'the connection to AbuseIPDB failed'],
    ['sends half an answer', faults.truncate({ contentLength: false }), 'AbuseIPDB gave an answer that cannot be read'],
  ])('goes out on time when AbuseIPDB %s', async (_, fault, why) => {
    abuse.fault({}, fault, ALWAYS);
    const addresses = many(12, 8);
    for (const address of addresses) add([address]);
    const startedAt = world.clock.now();
    expect(raised(await world.run())).toBe(12);
    const said = addresses.map(whyOf);
    expect(said).toContain(why);
    expect(said.filter((one) => one !== why && one !== 'AbuseIPDB did not answer lately')).toEqual([]);
    expect(Math.max(...world.creates().map(({ at }) => at)) - startedAt).toBeLessThanOrEqual(6_000);
  });

  it('goes out when AbuseIPDB sends elsewhere, and neither address nor key goes there', async () => {
    const elsewhere = await startAbuseIpDbSim({ clock: world.clock, key: world.scene.env.ABUSEIPDB_KEY ?? '' });
    abuse.fault({}, faults.redirect(`${elsewhere.url}/api/v2/check`), ALWAYS);
    add(['8.20.30.1']);
    await world.run();
    expect(whyOf('8.20.30.1')).toBe('AbuseIPDB answered with a redirect, which is not followed');
    expect(elsewhere.journal).toEqual([]);
    await elsewhere.stop();
  });

  it('goes out when the key is refused; check with a better one brings the look-ups back at once', async () => {
    abuse.key = 'the-key-of-next-month';
    add(['8.20.30.1']);
    await world.run();
    expect(whyOf('8.20.30.1')).toBe('AbuseIPDB refused the key');
    Object.assign(world.scene.env, { ABUSEIPDB_KEY: abuse.key });
    add(['8.20.30.2']);
    await world.run();
    expect(whyOf('8.20.30.2')).toMatch(/^AbuseIPDB refused the key \(until /);
    const casewire = await world.open();
    const lines = await world.drive(casewire.check());
    await casewire.close();
    expect(lines).toContainEqual(expect.objectContaining({ subject: 'abuseipdb', level: 'ok' }));
    add(['8.20.30.3']);
    await world.run();
    expect(whyOf('8.20.30.3')).toBe('checked');
    expect(abuse.asked()).toEqual(['1.1.1.1', '8.20.30.3']);
    expect(world.ledgerText()).not.toContain(abuse.key);
  });

  it('shares one look-up with the tickets of other tenants', async () => {
    abuse.reports.set('8.20.30.1', { abuseConfidenceScore: 93, totalReports: 41, countryCode: 'NL' });
    for (const tenant of ['contoso', 'fabrikam', 'northwind']) add(['8.20.30.1'], { tenant });
    expect(raised(await world.run())).toBe(3);
    add(['8.20.30.1', '8.20.30.2'], { tenant: 'fabrikam' });
    await world.run();
    expect(abuse.asked()).toEqual(['8.20.30.1', '8.20.30.2']);
    const said = world.scene.jira.issues().map(({ fields }) => JSON.stringify(fields));
    expect(said.filter((text) => text.includes('The IP 8.20.30.1 was reported 41 times'))).toHaveLength(4);
  });
});
