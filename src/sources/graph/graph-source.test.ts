import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HandClock } from '../../../test/hand-clock.ts';
import { SourceRig } from '../../../test/source-rig.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../domain/time.ts';
import { faults } from '../../simulators/fault.ts';
import { graphScope } from './graph-source.ts';

let clock: HandClock;
let rig: SourceRig;

beforeEach(async () => {
  clock = new HandClock();
  rig = await SourceRig.start(clock, 'graph');
});
afterEach(async () => {
  expect(rig.graph.unexpected).toEqual([]);
  await rig.stop();
});

const alertsPath = { path: /alerts_v2/ };
const asked = () => rig.graph.journal.map(({ path }) => new URL(path, rig.graph.url).searchParams);
const aRecord = (n: number, timestamp: number) => ({
  _id: `64a1f0000000000000000${String(n).padStart(3, '0')}`,
  timestamp,
  title: 'An alert',
});
const asRecord = (id: string, more: object = {}) => ({
  id,
  createdDateTime: new Date(clock.now()).toISOString(),
  ...more,
});

describe('what is asked for', () => {
  it('is what Defender for Cloud Apps and app governance raised, by update and creation, a hundred at a time, and every word of it', async () => {
    const seen: unknown[] = [];
    rig.graph.onRequest = ({ headers }) => seen.push(headers.prefer);
    await rig.pass({ lookbackMs: DAY_MS });
    const from = new Date(clock.now() - DAY_MS).toISOString();
    expect(Object.fromEntries(asked()[0] ?? [])).toEqual({
      $count: 'true',
      $top: '100',
      $filter: `(serviceSource eq 'microsoftDefenderForCloudApps' or serviceSource eq 'microsoftAppGovernance') and lastUpdateDateTime ge ${from} and createdDateTime ge ${from}`,
    });
    expect(seen).toEqual(['include-unknown-enum-members']);
  });

  it('begins one hour before the last pass, and every six hours 48 hours before the watermark', async () => {
    const began = clock.now();
    await rig.pass();
    const updatedFrom = async (waitMs: number) => {
      clock.advance(waitMs);
      await rig.pass();
      return began - Date.parse(/lastUpdateDateTime ge (\S+)/.exec(asked().at(-1)?.get('$filter') ?? '')?.[1] ?? '');
    };
    expect(await updatedFrom(5 * MINUTE_MS)).toBe(HOUR_MS);
    expect(await updatedFrom(5 * MINUTE_MS)).toBe(HOUR_MS - 5 * MINUTE_MS);
    expect(await updatedFrom(6 * HOUR_MS)).toBe(48 * HOUR_MS);
  });

  it('is asked of each cloud with a token for that cloud', () => {
    expect(graphScope('https://graph.microsoft.com')).toBe('https://graph.microsoft.com/.default');
    expect(graphScope('https://dod-graph.microsoft.us')).toBe('https://dod-graph.microsoft.us/.default');
  });
});

describe('reading again', () => {
  it('reads all of the hour when the new alerts do not explain the count, as when an old one was updated', async () => {
    const [old] = rig.raise(1);
    await rig.pass();
    clock.advance(7 * HOUR_MS);
    rig.raise(250);
    await rig.pass();
    clock.advance(MINUTE_MS);
    rig.cloudApps.closeAlert('contoso', old ?? '', 4);
    rig.raise(1);
    expect(await rig.pass()).toMatchObject({ fresh: 1, calls: 3 });
    clock.advance(MINUTE_MS);
    expect(await rig.pass()).toMatchObject({ fresh: 0, calls: 1 });
  });

  it('reads all of the hour when Graph gives no count', async () => {
    rig.raise(250);
    await rig.pass();
    clock.advance(MINUTE_MS);
    const withoutCount = { value: [], '@odata.nextLink': `${rig.graph.url}/v1.0/security/alerts_v2?$top=100` };
    rig.graph.fault(alertsPath, faults.status(200, { body: withoutCount }));
    expect(await rig.pass()).toMatchObject({ read: 250, calls: 4 });
  });

  it('finds within six hours what a late alert and one that vanished hide from the count', async () => {
    const ids = rig.raise(250);
    await rig.pass();
    clock.advance(MINUTE_MS);
    rig.cloudApps.deleteAlert('contoso', ids[10] as string);
    rig.raise(1, { agoMs: DAY_MS });
    expect(await rig.pass()).toMatchObject({ fresh: 0, calls: 1 });
    clock.advance(6 * HOUR_MS);
    expect(await rig.pass()).toMatchObject({ fresh: 1 });
  });
});

describe('following the pages', () => {
  it('goes on over an empty page', async () => {
    const next = { '@odata.nextLink': `${rig.graph.url}/v1.0/security/alerts_v2?$top=100` };
    rig.raise(3);
    rig.graph.fault(alertsPath, faults.status(200, { body: { value: [], ...next } }));
    expect(await rig.pass()).toMatchObject({ read: 3, calls: 2 });
  });

  it.each(['https://graph.example.net', 'not a link', 'http://127.0.0.1:1'])(
    'does not follow a link to %s',
    async (origin) => {
      rig.raise(150);
      rig.graph.nextLinkOrigin = origin;
      const { failure, ...pass } = await rig.pass();
      expect(pass).toMatchObject({ read: 0, calls: 1 });
      expect(failure).toMatchObject({ kind: 'malformed', message: expect.stringMatching(/never followed/) });
      rig.graph.nextLinkOrigin = undefined;
      expect(await rig.pass()).toMatchObject({ fresh: 150 });
    },
  );

  it('begins the window anew when Graph no longer knows the place where the last pass died', async () => {
    rig.raise(350);
    await rig.pass({ pages: 3 });
    rig.graph.forgetPlaces();
    expect(await rig.pass()).toMatchObject({ fresh: 50, calls: 5 });
    expect(rig.missing()).toEqual([]);
    expect(rig.position.watermark).toBe(clock.now());
  });

  it('is chosen here where Graph refuses to choose between services, and is told of nobody', async () => {
    rig.graph.refusesOr = true;
    const services = ['microsoftDefenderForCloudApps', 'microsoftAppGovernance', 'azureAdIdentityProtection'];
    for (const [n, serviceSource] of services.entries())
      rig.graph.addAlert('contoso', { ...aRecord(n, clock.now()), serviceSource });
    expect(await rig.pass()).toMatchObject({ read: 2, calls: 2, warnings: [] });
    clock.advance(MINUTE_MS);
    expect(await rig.pass()).toMatchObject({ fresh: 0, calls: 1, warnings: [] });
  });

  it('reaches back as far as a first pass when a service is added', async () => {
    rig.graph.addAlert('contoso', {
      ...aRecord(1, clock.now() - 3 * DAY_MS),
      title: 'Leaked credentials',
      serviceSource: 'azureAdIdentityProtection',
    });
    expect(await rig.pass({ lookbackMs: 7 * DAY_MS })).toMatchObject({ read: 0 });
    rig.readServices('defender-cloud-apps', 'entra-id-protection');
    expect(await rig.pass({ lookbackMs: 7 * DAY_MS })).toMatchObject({ fresh: 1 });
    expect(await rig.pass({ lookbackMs: 7 * DAY_MS })).toMatchObject({ fresh: 0, calls: 1 });
  });

  it('passes over alerts of other services that were not asked for, and says so', async () => {
    const value = [asRecord('a1', { serviceSource: 'microsoftDefenderForEndpoint' }), asRecord('a2')];
    rig.graph.fault(alertsPath, faults.status(200, { body: { value } }));
    const { warnings } = await rig.pass();
    expect([...rig.ledger.keys()]).toEqual(['a2']);
    expect(warnings).toEqual([expect.stringMatching(/1 alerts that were not asked for.*microsoftDefenderForEndpoint/)]);
  });

  it('takes no watermark from an alert without a time', async () => {
    const value = [{ id: 'x' }, { id: 'y', createdDateTime: new Date(clock.now() - HOUR_MS).toISOString() }];
    rig.graph.fault(alertsPath, faults.status(200, { body: { value } }));
    await rig.pass();
    expect(rig.position.watermark).toBe(clock.now() - HOUR_MS);
  });
});

describe('a refusal of Graph', () => {
  it('is told in its own words, with the id of the request', async () => {
    const error = { code: 'Forbidden', message: 'No.', innerError: { 'request-id': 'r-1' } };
    rig.graph.fault(alertsPath, faults.status(403, { body: { error } }));
    const { failure } = await rig.pass();
    expect(failure?.message).toMatch(
      /Microsoft Graph at 127\.0\.0\.1:\d+ answered 403: Forbidden: No\. \(request r-1\)$/,
    );
  });

  it('for a token is met with a fresh one, once for each page', async () => {
    const fresh = ['second', 'third'];
    let present = 'token';
    rig.tokens.splice(0, 1, 'third');
    Object.assign(rig.authoriser, {
      authorise: async () => `Bearer ${present}`,
      refused: async () => {
        present = fresh.shift() ?? '';
        return true;
      },
    });
    rig.raise(3);
    expect(await rig.pass()).toMatchObject({ calls: 2, failure: { kind: 'unauthorised' } });
    expect(await rig.pass()).toMatchObject({ calls: 2, fresh: 3 });
  });

  it('to be called so soon is waited out, longer each time when it does not say for how long', async () => {
    rig.raise(3);
    rig.graph.fault(alertsPath, faults.status(429), { times: 3 });
    const running = rig.pass({ patienceMs: 10 * MINUTE_MS });
    const slept: number[] = [];
    let ended = false;
    const done = running.finally(() => {
      ended = true;
    });
    while (!ended) {
      await new Promise((resolve) => setImmediate(resolve));
      const [ms] = clock.sleeping();
      if (ms === undefined || clock.sleeping().includes(30 * SECOND_MS)) continue;
      slept.push(ms);
      clock.advance(ms);
    }
    expect(await done).toMatchObject({ fresh: 3, calls: 4 });
    expect(slept).toEqual([11_250, 22_500, 45_000]);
  });

  it('with 503 and a time to come back is a throttle', async () => {
    rig.graph.fault(alertsPath, faults.status(503, { headers: { 'retry-after': '90' } }));
    expect((await rig.pass()).failure).toMatchObject({ kind: 'rate-limited' });
  });
});
