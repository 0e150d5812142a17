import { describe, expect, it } from 'vitest';
import { toPerson } from './person.ts';

const AUTH = {
  issuer: 'https://login.example',
  clientId: 'casewire',
  clientSecret: 'x',
  viewers: ['readers'],
  operators: ['leads'],
};

describe('whom a token names', () => {
  it.each([
    [{ groups: ['leads', 'sales'] }, ['leads']],
    [{ groups: 'readers' }, ['readers']],
    [{ roles: ['leads'], groups: ['readers'] }, ['leads', 'readers']],
    [{ roles: [7, null, { leads: true }, 'Leads'] }, []],
    [{}, []],
  ])('is in the groups of %j that the configuration names', (claims, groups) => {
    expect([...toPerson({ sub: 's', ...claims }, AUTH).groups].toSorted()).toEqual(groups);
  });

  it('is known by what cannot be given to somebody else', () => {
    expect(toPerson({ sub: 's-1', preferred_username: 'ada@contoso.com', name: 'Ada' }, AUTH)).toMatchObject({
      name: 'Ada',
      account: 'ada@contoso.com (s-1)',
    });
    expect(toPerson({ sub: 's-1', oid: 'o-1' }, AUTH)).toMatchObject({ name: 'o-1', account: 'o-1' });
  });

  it('is one short line, whatever the token says', () => {
    const { name, account } = toPerson({ sub: 's', name: `a\n\u202Eb${'x'.repeat(9_000)}`, upn: ['no'] }, AUTH);
    expect(name.length).toBeLessThanOrEqual(200);
    expect(name).not.toMatch(/[\n\u202E]/);
    expect(account).toBe('s');
  });

  it('may be in too many groups to be listed', () => {
    expect(toPerson({ sub: 's', _claim_names: { groups: 'src1' } }, AUTH).groupsLeftOut).toBe(true);
    expect(toPerson({ sub: 's', _claim_names: 'groups' }, AUTH).groupsLeftOut).toBe(false);
  });
});
