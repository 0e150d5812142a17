import { describe, expect, it } from 'vitest';
import type { Alert, TenantId } from '../../domain/alert.ts';
import type { UnreadableRecord } from '../../domain/reading.ts';
import { parseJson } from '../record/wire-values.ts';
import { toAlert } from './to-alert.ts';

const seenAt = Date.parse('2026-11-23T07:00:00Z');
const createdAt = Date.parse('2026-11-22T03:04:05Z');
const objectId = '0a1b2c3d-1111-4222-8333-444455556666';

const whole = {
  _id: '64a0000000000000000000a1',
  timestamp: createdAt,
  title: 'Impossible travel activity',
  description: '<p>Jane Doe (jane@contoso.com) signed in from 198.51.100.7 and 203.0.113.9.</p>',
  severityValue: 2,
  resolutionStatusValue: 0,
  contextId: '11111111-2222-4333-8444-555555555555',
  URL: 'https://contoso.portal.cloudappsecurity.com/#/alerts/64a0000000000000000000a1',
  entities: [
    { type: 'policyRule', id: '5e0000000000000000000001', label: 'Impossible travel', policyType: 'ANOMALY_DETECTION' },
    { type: 'ip', id: '203.0.113.9', label: '203.0.113.9' },
    { type: 'service', id: 11161, label: 'Office 365' },
    { type: 'account', id: objectId, label: 'Jane Doe', pa: 'Jane@contoso.com', em: 'jane.doe@contoso.com', inst: 0 },
    { type: 'user', id: 'jane@contoso.com', label: 'jane@contoso.com' },
  ],
};

function convert(record: unknown): Alert {
  const alert = toAlert(record, 'contoso' as TenantId, seenAt);
  if (!('tenant' in alert)) throw new Error(alert.why);
  return alert;
}

function refuse(record: unknown): UnreadableRecord {
  const read = toAlert(record, 'contoso' as TenantId, seenAt);
  if ('tenant' in read) throw new Error('it was read');
  return read;
}

describe('toAlert', () => {
  it('converts a whole record', () => {
    expect(convert(whole)).toEqual({
      id: '64a0000000000000000000a1',
      tenant: 'contoso',
      title: 'Impossible travel activity',
      description: 'Jane Doe (jane@contoso.com) signed in from 198.51.100.7 and 203.0.113.9.',
      severity: 'high',
      type: 'Impossible travel activity',
      createdAt,
      state: { open: true },
      url: whole.URL,
      users: [
        { name: 'jane@contoso.com', address: 'jane@contoso.com', displayName: 'Jane Doe', objectId, origin: 'entity' },
      ],
      ips: [
        { address: '203.0.113.9', origin: 'entity' },
        { address: '198.51.100.7', origin: 'text' },
      ],
      networks: [],
      entities: [
        { type: 'policyRule', id: '5e0000000000000000000001', label: 'Impossible travel' },
        { type: 'service', id: '11161', label: 'Office 365' },
      ],
      incomplete: [],
      raw: JSON.stringify(whole),
    });
  });

  it('makes an alert of an id alone, and names what is missing', () => {
    expect(convert({ _id: 'a1' })).toEqual({
      id: 'a1',
      tenant: 'contoso',
      title: '',
      description: '',
      severity: 'medium',
      type: '',
      createdAt: seenAt,
      state: { open: true },
      url: 'https://security.microsoft.com/alerts/caa1',
      users: [],
      ips: [],
      networks: [],
      entities: [],
      incomplete: ['timestamp', 'title', 'description', 'severityValue', 'entities', 'URL'],
      raw: '{"_id":"a1"}',
    });
  });

  it.each([
    ['timestamp', ['soon', {}, 1_700_000_000, -1, Number.MAX_VALUE, true]],
    ['title', [null, {}, '', ' ', 'null', []]],
    ['description', [null, {}, 'null', []]],
    ['severityValue', [7, -1, 1.5, 'worst', null, {}]],
    ['resolutionStatusValue', [9, 'shut', {}]],
    ['entities', [null, {}, 'none', [5], [{}], [{ type: 'ip', id: 'nowhere' }], [{ id: 'x' }]]],
    ['URL', [null, '', 'javascript:alert(1)', 'ftp://contoso.com', 'contoso.com', 'https://', {}]],
    ['policy', [5, {}]],
  ])('names %s when it is odd, and goes on', (field, values) => {
    for (const value of values) {
      const alert = convert({ ...whole, [field]: value });
      expect([field, value, alert.incomplete]).toEqual([field, value, [field]]);
      expect(alert.title === 'Impossible travel activity' || field === 'title').toBe(true);
    }
  });

  it.each([
    [0, 'low'],
    [1, 'medium'],
    [2, 'high'],
    [3, 'informational'],
    ['2', 'high'],
    [7, 'medium'],
  ])('reads severity %s as %s', (severityValue, severity) => {
    expect(convert({ ...whole, severityValue }).severity).toBe(severity);
  });

  it.each([
    [{ resolutionStatusValue: 0 }, { open: true }],
    [{ resolutionStatusValue: 0, resolveTime: '2026-11-21T00:00:00Z' }, { open: true }],
    [{ resolutionStatusValue: 3 }, { open: false, verdict: 'false_positive' }],
    [{ resolutionStatusValue: 4 }, { open: false, verdict: 'benign' }],
    [{ resolutionStatusValue: 5 }, { open: false, verdict: 'true_positive' }],
    [{ resolutionStatusValue: 1 }, { open: false, verdict: 'unspecified' }],
    [{ resolutionStatusValue: '2' }, { open: false, verdict: 'unspecified' }],
    [{ resolutionStatusValue: 9, resolveTime: '2026-11-21T00:00:00Z' }, { open: true }],
    [{ resolutionStatusValue: null, resolveTime: null }, { open: true }],
    [{ resolutionStatusValue: 'null', resolveTime: 'null' }, { open: true }],
    [
      { resolutionStatusValue: undefined, resolveTime: 'some day' },
      { open: false, verdict: 'unspecified' },
    ],
    [
      { resolutionStatusValue: undefined, resolveTime: '2026-11-23T01:00:00Z', handledByUser: 'ann@contoso.com' },
      {
        open: false,
        verdict: 'unspecified',
        closedAt: Date.parse('2026-11-23T01:00:00Z'),
        closedBy: 'ann@contoso.com',
      },
    ],
    [
      { resolutionStatusValue: 4, handledByUser: 'null' },
      { open: false, verdict: 'benign' },
    ],
  ])('reads the state of %j', (fields, state) => {
    expect(convert({ ...whole, ...fields }).state).toEqual(state);
  });

  it('names the detection by its title, as Graph does, else by its policy', () => {
    const policy = { type: 'policyRule', id: 'p', label: 'No uploads' };
    expect(convert({ ...whole, entities: [], policy }).type).toBe('Impossible travel activity');
    expect(convert({ ...whole, title: '', entities: [], policy }).type).toBe('No uploads');
  });

  it('links to the portal of today when the record has no link of its own', () => {
    const { URL: _, ...rest } = whole;
    expect(convert(rest).url).toBe(
      'https://security.microsoft.com/alerts/ca64a0000000000000000000a1?tid=11111111-2222-4333-8444-555555555555',
    );
  });

  it('gives the alerts of both services one id', () => {
    expect(convert({ ...whole, _id: 'ca64a0000000000000000000a1' }).id).toBe('64a0000000000000000000a1');
  });

  it('keeps an id that no number can hold', () => {
    const record = parseJson('{"_id": 12345678901234567890, "entities": [{"type": "file", "id": 9007199254740993}]}');
    const alert = convert(record);
    expect(alert.id).toBe('12345678901234567890');
    expect(alert.entities[0]?.id).toBe('9007199254740993');
    expect(alert.raw).toContain('12345678901234567890');
  });

  it('cannot read a record whose id no key can hold, and names it by a hash that stays the same', () => {
    const id = 'x'.repeat(1_001);
    const [one, other] = [
      toAlert({ ...whole, _id: id }, 'contoso' as TenantId, 1),
      toAlert({ ...whole, _id: id, title: 'new' }, 'contoso' as TenantId, 2),
    ];
    expect(one).toMatchObject({
      id: expect.stringMatching(/^unreadable-[0-9a-f]{24}$/),
      why: 'its _id is 1001 bytes long; 1000 is the most',
    });
    expect(other.id).toBe(one.id);
  });

  it('keeps ids of any length and kind', () => {
    for (const id of ['x'.repeat(1_000), `a'b"c/d\\e`, 'ÄÖ\ud800']) expect(convert({ _id: id }).id).toBe(id);
  });

  it('shows a title on one line and leaves its brackets alone', () => {
    expect(convert({ ...whole, title: 'Policy <b>\u200b\nfired\u202e' }).title).toBe('Policy <b> fired');
  });

  it('reads a description up to a limit, and says so', () => {
    const alert = convert({ ...whole, description: `${'x'.repeat(256 * 1024)} 192.0.2.1` });
    expect(alert.description).toHaveLength(256 * 1024);
    expect(alert.ips.map(({ address }) => address)).toEqual(['203.0.113.9']);
    expect(alert.incomplete).toEqual(['description after its first 256 KiB']);
    expect(alert.raw).toContain('192.0.2.1');
  });

  it('finds defanged addresses, IPv6 and networks in the text, and addresses in the title', () => {
    const alert = convert({
      ...whole,
      title: 'Seen: 192.0.2.3',
      description: '198[.]51[.]100[.]7, 2001:DB8::7, 192.0.2.0/24 by o&#39;brien[@]contoso[.]com',
      entities: [{ type: 'ip', id: '::ffff:203.0.113.9' }],
    });
    expect(alert.ips.map(({ address }) => address)).toEqual([
      '203.0.113.9',
      '198.51.100.7',
      '2001:db8::7',
      '192.0.2.3',
    ]);
    expect(alert.networks).toEqual(['192.0.2.0/24']);
    expect(alert.users).toEqual([{ name: "o'brien@contoso.com", address: "o'brien@contoso.com", origin: 'text' }]);
    expect(alert.description).toContain('198[.]51');
  });

  it.each([
    ['no record', null],
    ['a list', []],
    ['text', 'alert'],
    ['no id', { title: 'x' }],
    ['an empty id', { _id: ' ' }],
    ['an odd id', { _id: {} }],
  ])('cannot read %s, and keeps its raw text', (_, record) => {
    const read = refuse(record);
    expect(read.raw).toBe(JSON.stringify(record));
    expect(read.id).toMatch(/^unreadable-[0-9a-f]{24}$/);
    expect(read.createdAt).toBe(seenAt);
    expect(read.why).toMatch(/record/);
  });

  it('cannot read a record nested 10,000 deep, and keeps its id, time and raw text', () => {
    const raw = `{"_id":"deep","timestamp":${createdAt},"evidence":[1,"x",${'{"a":['.repeat(10_000)}${']}'.repeat(10_000)}]}`;
    const read = refuse(parseJson(raw));
    expect(read).toMatchObject({ id: 'deep', createdAt, why: 'the record is nested deeper than 64 levels' });
    expect(read.raw).toBe(raw);
  });

  it('is not moved by keys that name prototypes', () => {
    const record = parseJson(
      `{"_id":"p","__proto__":{"title":"x","polluted":1},"constructor":{"prototype":{"polluted":1}},"entities":[{"__proto__":{"type":"ip"},"id":"1.2.3.4"}]}`,
    );
    const alert = convert(record);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(alert.title).toBe('');
    expect(alert.raw).toContain('"__proto__":{"title":"x","polluted":1}');
  });

  it('takes the last of two keys with one name', () => {
    expect(convert(parseJson('{"_id":"a","title":"one","title":"two"}')).title).toBe('two');
  });
});
