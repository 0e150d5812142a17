import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPrivateAddress } from '../../simulators/private-address.ts';
import { addressJudge } from './public-address.ts';

const judge = addressJudge(['8.8.4.0/24', '9.9.9.9', '2606:4700::/32', '::ffff:1.0.0.0/104']);

describe('an address', () => {
  it.each([
    ['1.1.1.1', 'own range (neverSend)'],
    ['8.8.4.255', 'own range (neverSend)'],
    ['9.9.9.9', 'own range (neverSend)'],
    ['::ffff:9.9.9.9', 'own range (neverSend)'],
    ['2606:4700:10::1', 'own range (neverSend)'],
    ['64:ff9b::9.9.9.9', 'NAT64 address of 9.9.9.9 (own range (neverSend))'],
    ['0.0.0.0', 'unspecified address'],
    ['0.1.2.3', 'unspecified address'],
    ['10.0.0.1', 'private address'],
    ['172.31.255.255', 'private address'],
    ['192.168.1.1', 'private address'],
    ['::ffff:192.168.1.1', 'private address'],
    ['::ffff:c0a8:101', 'private address'],
    ['64:ff9b::10.0.0.1', 'NAT64 address of 10.0.0.1 (private address)'],
    ['100.64.0.1', 'carrier-grade NAT address'],
    ['127.0.0.1', 'loopback address'],
    ['169.254.10.20', 'link-local address'],
    ['192.0.0.8', 'reserved address'],
    ['192.0.2.1', 'documentation range'],
    ['198.51.100.1', 'documentation range'],
    ['203.0.113.1', 'documentation range'],
    ['192.88.99.1', '6to4 relay address'],
    ['198.19.0.1', 'benchmarking range'],
    ['224.0.0.1', 'multicast address'],
    ['240.0.0.1', 'reserved address'],
    ['255.255.255.255', 'broadcast address'],
    ['::', 'unspecified address'],
    ['::1', 'loopback address'],
    ['::808:808', 'reserved address'],
    ['fe80::1', 'link-local address'],
    ['fd00::1', 'private address'],
    ['fec0::1', 'private address'],
    ['ff02::1', 'multicast address'],
    ['2001:db8::1', 'documentation range'],
    ['3fff::1', 'documentation range'],
    ['100::1', 'discard-only address'],
    ['2001:2::1', 'benchmarking range'],
    ['2001:20::1', 'ORCHID address'],
    ['5f00::1', 'segment routing address'],
    ['64:ff9b:1::808:808', 'NAT64 address'],
    ['2002:808:808::1', '6to4 address'],
    ['2001:0:1::1', 'Teredo address'],
    ['::ffff:0:8.8.8.8', 'reserved address'],
    ['4000::1', 'reserved address'],
    ['2001:4860::1%eth0', 'not a valid address'],
    ['1.1', 'not a valid address'],
    ['010.0.0.1', 'not a valid address'],
    ['999.1.1.1', 'not a valid address'],
    ['1.2.3.4/24', 'not a valid address'],
    ['example.com', 'not a valid address'],
    ['', 'not a valid address'],
  ])('%s is never sent: %s', (address, refused) => {
    expect(judge(address)).toEqual({ refused });
  });

  it.each([
    ['8.8.8.8', '8.8.8.8'],
    ['2001:4860:4860::8888', '2001:4860:4860::8888'],
    ['2001:4860:4860:0:0:0:0:8844', '2001:4860:4860::8844'],
    ['::ffff:8.8.8.8', '8.8.8.8'],
    ['64:ff9b::808:808', '8.8.8.8'],
  ])('%s is asked after as %s', (address, send) => {
    expect(judge(address)).toEqual({ send });
  });

  it('is only ever sent when a second opinion calls it public', () => {
    const addresses = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.ipV4().map((address) => `::ffff:${address}`),
      fc.ipV4().map((address) => `64:ff9b::${address}`),
      fc.ipV4Extended(),
      fc.string(),
    );
    fc.assert(
      fc.property(addresses, (address) => {
        const verdict = addressJudge([])(address);
        if ('send' in verdict) expect(isPrivateAddress(verdict.send), verdict.send).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is refused together with every other of an own range', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), (address, bits) => {
        expect(addressJudge([`${address}/${bits}`])(address)).toHaveProperty('refused');
      }),
    );
  });
});
