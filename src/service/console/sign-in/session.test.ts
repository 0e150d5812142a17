import { describe, expect, it } from 'vitest';
import { IDLE_MS, LONGEST_MS, readSession, type Session, writeSession } from './session.ts';

const AUTH = {
  issuer: 'https://login.example',
  clientId: 'casewire',
  clientSecret: 'a-secret',
  viewers: ['readers'],
  operators: ['leads'],
};

const session: Session = {
  id: 'id',
  name: 'Ada',
  account: 'ada (1)',
  groups: ['leads', 'readers'],
  signedInAt: 0,
  seenAt: 0,
};

describe('a session', () => {
  it('says nothing to whoever does not know the secret', async () => {
    const cookie = await writeSession(session, AUTH);
    expect(Buffer.from(cookie, 'base64url').toString('latin1')).not.toContain('Ada');
    expect(await readSession(cookie, AUTH, 1)).toMatchObject({ session, may: 'act', isStale: false });
    for (const other of [{ clientSecret: 'another' }, { clientId: 'another' }, { issuer: 'https://another.example' }])
      expect(await readSession(cookie, { ...AUTH, ...other }, 1)).toBeUndefined();
  });

  it('ends at its time to the millisecond', async () => {
    const cookie = await writeSession(session, AUTH);
    expect(await readSession(cookie, AUTH, IDLE_MS - 1)).toBeDefined();
    expect(await readSession(cookie, AUTH, IDLE_MS)).toBeUndefined();
    const used = await writeSession({ ...session, seenAt: LONGEST_MS - 2 }, AUTH);
    expect(await readSession(used, AUTH, LONGEST_MS - 1)).toBeDefined();
    expect(await readSession(used, AUTH, LONGEST_MS)).toBeUndefined();
  });

  it('may what the configuration of today says, not that of the sign-in', async () => {
    const cookie = await writeSession(session, AUTH);
    expect(await readSession(cookie, { ...AUTH, operators: [] }, 1)).toMatchObject({ may: 'look' });
    expect(await readSession(cookie, { ...AUTH, operators: [], viewers: ['others'] }, 1)).toBeUndefined();
  });

  it.each([undefined, '', 'x', 'a.b.c.d.e', 'x'.repeat(5_000)])('is none in %j', async (cookie) => {
    expect(await readSession(cookie, AUTH, 1)).toBeUndefined();
  });
});
