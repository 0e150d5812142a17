import { describe, expect, it } from 'vitest';
import type { Alert, TenantId } from '../../domain/alert.ts';
import { parseRaw } from '../record/wire-values.ts';
import { toAlert } from './to-alert.ts';

const tenant = 'contoso' as TenantId;
const WHOLE = {
  id: 'ca64a1f00000000000000000b7',
  createdDateTime: '2026-11-21T03:04:05.6781234Z',
  title: 'A title',
  description: 'A description',
  severity: 'low',
  status: 'new',
  alertWebUrl: 'https://security.microsoft.com/alerts/ca64a1f00000000000000000b7',
  evidence: [],
};

function alertOf(more: object, seenAt = 5): Alert {
  const read = toAlert({ ...WHOLE, ...more }, tenant, seenAt);
  if (!('tenant' in read)) throw new Error(read.why);
  return read;
}

describe('an alert of Graph', () => {
  it('keeps its record as raw text', () => {
    const record = { ...WHOLE, evidence: [{ '@odata.type': '#microsoft.graph.security.dreamEvidence', of: 'sheep' }] };
    const alert = alertOf(record);
    expect(JSON.parse(alert.raw)).toEqual(record);
    expect(alertOf(parseRaw(alert.raw) as object)).toEqual(alert);
  });

  it.each([
    ['ca64a1f00000000000000000b7', '64a1f00000000000000000b7'],
    ['CA64A1F00000000000000000B7', '64A1F00000000000000000B7'],
    ['ca0a1b2c3d-1111-4222-8333-444455556666', 'ca0a1b2c3d-1111-4222-8333-444455556666'],
    ['ma64a1f00000000000000000b7', '64a1f00000000000000000b7'],
    ['ad64a1f00000000000000000b7', 'ad64a1f00000000000000000b7'],
  ])('with the id %s is known as %s', (id, known) => {
    expect(alertOf({ id }).id).toBe(known);
  });

  it.each(['createdDateTime', 'title', 'description', 'severity', 'status', 'alertWebUrl', 'evidence'])(
    'names %s when it is missing, null or of another type, and gives it a default',
    (field) => {
      for (const value of [undefined, null, {}, field === 'evidence' ? 'x' : []])
        expect(alertOf({ [field]: value })).toMatchObject({
          incomplete: [field],
          createdAt: field === 'createdDateTime' ? 5 : Date.parse('2026-11-21T03:04:05.678Z'),
        });
    },
  );

  it('counts as open and of medium severity where Graph uses words that nobody knows', () => {
    expect(alertOf({ status: 'dreaming', severity: 'unknownFutureValue' })).toMatchObject({
      state: { open: true },
      severity: 'medium',
      incomplete: ['severity', 'status'],
    });
  });

  it.each([
    ['truePositive', 'notMalicious', 'true_positive'],
    ['unknown', 'compromisedAccount', 'true_positive'],
    [null, 'notMalicious', 'false_positive'],
    ['unknownFutureValue', 'securityTesting', 'benign'],
    ['unknown', 'other', 'unspecified'],
    [null, null, 'unspecified'],
  ])('classified as %s and determined as %s is closed as %s', (classification, determination, verdict) => {
    const state = alertOf({ status: 'resolved', classification, determination }).state;
    expect(state).toEqual({ open: false, verdict });
  });

  it('is open whatever its classification while its status is not resolved', () => {
    for (const status of ['new', 'inProgress'])
      expect(
        alertOf({ status, classification: 'falsePositive', resolvedDateTime: '2026-11-22T00:00:00Z' }).state,
      ).toEqual({
        open: true,
      });
  });

  it('has a link into the portal where its own is none', () => {
    for (const alertWebUrl of [null, 'javascript:alert(1)', 'x'])
      expect(alertOf({ alertWebUrl, tenantId: 'a b' }).url).toBe(
        'https://security.microsoft.com/alerts/ca64a1f00000000000000000b7?tid=a%20b',
      );
  });

  it('is held when it has no id, or is no object', () => {
    expect(toAlert({ ...WHOLE, id: null }, tenant, 5)).toMatchObject({
      id: expect.stringMatching(/^unreadable-/),
      why: 'the record has no id',
      createdAt: Date.parse('2026-11-21T03:04:05.678Z'),
    });
    for (const record of [null, undefined, 7, 'x', []])
      expect(toAlert(record, tenant, 5)).toMatchObject({ why: 'the record is not an object', createdAt: 5 });
  });

  it('cannot be read when it is nested 10,000 deep, and keeps its id and raw text', () => {
    const raw = `{"id":"ca64a1f00000000000000000b7","deep":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
    expect(toAlert(parseRaw(raw), tenant, 5)).toMatchObject({
      id: '64a1f00000000000000000b7',
      why: expect.stringMatching(/deeper/),
      raw,
    });
  });

  it('names the users and addresses of its text after those of its evidence', () => {
    const userAccount = { userPrincipalName: 'Jane@Contoso.com', displayName: 'Jane' };
    const alert = alertOf({
      description: 'ann@contoso.com and jane@contoso.com came from 45[.]66[.]7[.]9 and 45.66.7.8',
      evidence: [
        { '@odata.type': '#microsoft.graph.security.userEvidence', userAccount },
        { '@odata.type': '#microsoft.graph.security.ipEvidence', ipAddress: '45.66.7.8' },
      ],
    });
    expect(alert.users).toEqual([
      { name: 'jane@contoso.com', address: 'jane@contoso.com', displayName: 'Jane', origin: 'entity' },
      { name: 'ann@contoso.com', address: 'ann@contoso.com', origin: 'text' },
    ]);
    expect(alert.ips).toEqual([
      { address: '45.66.7.8', origin: 'entity' },
      { address: '45.66.7.9', origin: 'text' },
    ]);
  });

  it('names evidence that is no object', () => {
    expect(alertOf({ evidence: [7, null] }).incomplete).toEqual(['evidence']);
  });
});
