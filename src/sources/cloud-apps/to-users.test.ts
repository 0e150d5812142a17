import { describe, expect, it } from 'vitest';
import { toUsers } from './to-users.ts';

const objectId = '0a1b2c3d-1111-4222-8333-444455556666';

describe('toUsers', () => {
  it('makes one user of an account and a user entity with one address', () => {
    const account = { type: 'account', id: objectId, label: 'Jane Doe', pa: 'Jane@Contoso.com' };
    const user = { type: 'user', id: 'jane@contoso.com', label: 'jane@contoso.com' };
    const jane = {
      name: 'jane@contoso.com',
      address: 'jane@contoso.com',
      displayName: 'Jane Doe',
      objectId,
      origin: 'entity',
    };
    expect(toUsers([account, user], [])).toEqual([jane]);
    expect(toUsers([user, account], [])).toEqual([jane]);
  });

  it('makes one user of two accounts with one object id', () => {
    const accounts = [
      { type: 'account', id: objectId, label: 'Jane Doe' },
      { type: 'account', id: objectId.toUpperCase(), label: 'Jane Doe', pa: 'jane@contoso.com' },
    ];
    expect(toUsers(accounts, [])).toMatchObject([{ name: 'jane@contoso.com', displayName: 'Jane Doe', objectId }]);
  });

  it('knows a person by a second address', () => {
    const account = { type: 'account', id: objectId, label: 'Jane', pa: 'jane@contoso.com', em: 'j.doe@contoso.com' };
    expect(toUsers([account], ['j.doe@contoso.com', 'ann@contoso.com'])).toMatchObject([
      { name: 'jane@contoso.com' },
      { name: 'ann@contoso.com', address: 'ann@contoso.com', origin: 'text' },
    ]);
  });

  it('names a person without address by the label, else by the id', () => {
    expect(
      toUsers(
        [
          { type: 'account', id: 'u-7', label: 'Jane Doe' },
          { type: 'account', id: 'u-8', label: 'u-8' },
          { type: 'account', id: 'u-7', label: 'Jane Doe' },
        ],
        [],
      ),
    ).toEqual([
      { name: 'Jane Doe', displayName: 'Jane Doe', origin: 'entity' },
      { name: 'u-8', origin: 'entity' },
    ]);
  });

  it('keeps two people with one name apart', () => {
    const label = 'Jane Doe';
    const [one, two] = ['jane@contoso.com', 'jane@fabrikam.com'];
    const accounts = [one, two].map((pa, n) => ({ type: 'account', id: `${n}`, label, pa }));
    expect(toUsers(accounts, []).map(({ name }) => name)).toEqual([one, two]);
  });

  it('takes apps, addresses and devices for no people', () => {
    expect(toUsers([{ type: 'service', id: 'x@y.zz', label: 'x' }], [])).toEqual([]);
  });
});
