import ipaddr from 'ipaddr.js';

/** Why an address is never sent, by what ipaddr.js calls its range. */
const RANGE_WORDS: Readonly<Record<string, string>> = {
  unspecified: 'unspecified address',
  broadcast: 'broadcast address',
  multicast: 'multicast address',
  linkLocal: 'link-local address',
  loopback: 'loopback address',
  carrierGradeNat: 'shared address of a provider (carrier-grade NAT)',
  private: 'private address',
  uniqueLocal: 'private address',
  reserved: 'reserved or documentation address',
  benchmarking: 'benchmarking address',
  discard: 'discard-only address',
  rfc6052: 'NAT64 address',
  rfc6145: 'translated address',
  '6to4': '6to4 address',
  teredo: 'Teredo address',
  orchid2: 'ORCHID address',
  segmentRouting: 'segment routing address',
  as112v6: 'AS112 address',
  amt: 'AMT address',
  droneRemoteIdProtocolEntityTags: 'drone remote id address',
};

/**
 * Blocks that are not public whatever a library of ranges knows of them
 * (IANA IPv4 and IPv6 Special-Purpose Address Registries; RFC 9637 for 3fff::/20).
 */
const NEVER_PUBLIC: readonly (readonly [string, string])[] = [
  ['0.0.0.0/8', 'unspecified address'],
  ['10.0.0.0/8', 'private address'],
  ['100.64.0.0/10', 'shared address of a provider (carrier-grade NAT)'],
  ['127.0.0.0/8', 'loopback address'],
  ['169.254.0.0/16', 'link-local address'],
  ['172.16.0.0/12', 'private address'],
  ['192.0.0.0/24', 'reserved or documentation address'],
  ['192.0.2.0/24', 'reserved or documentation address'],
  ['192.88.99.0/24', 'reserved or documentation address'],
  ['192.168.0.0/16', 'private address'],
  ['198.18.0.0/15', 'benchmarking address'],
  ['198.51.100.0/24', 'reserved or documentation address'],
  ['203.0.113.0/24', 'reserved or documentation address'],
  ['224.0.0.0/3', 'multicast or reserved address'],
  ['64:ff9b:1::/48', 'NAT64 address'],
  ['100::/64', 'discard-only address'],
  ['2001:2::/48', 'benchmarking address'],
  ['2001:db8::/32', 'reserved or documentation address'],
  ['2002::/16', '6to4 address'],
  ['3fff::/20', 'reserved or documentation address'],
  ['5f00::/16', 'segment routing address'],
  ['fc00::/7', 'private address'],
  ['fe80::/10', 'link-local address'],
  ['fec0::/10', 'site-local address'],
];

type Cidr = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

/**
 * Says why an address must not leave, or `undefined` for a public unicast address outside the own ranges. Only what
 * is known to be public passes; IPv4-mapped IPv6 is judged as the IPv4 address it is.
 */
export function publicAddressCheck(neverSend: readonly string[]): (address: string) => string | undefined {
  const own = neverSend.map(toCidr);
  const never = NEVER_PUBLIC.map(([cidr, why]) => [toCidr(cidr), why] as const);
  return (address) => {
    if (!ipaddr.isValid(address)) return 'not a valid address';
    if (ipaddr.IPv4.isIPv4(address) && !ipaddr.IPv4.isValidFourPartDecimal(address)) return 'not a valid address';
    const parsed = ipaddr.process(address);
    if (own.some((cidr) => within(parsed, cidr))) return 'own range (neverSend)';
    const known = never.find(([cidr]) => within(parsed, cidr));
    if (known) return known[1];
    const range = parsed.range();
    return range === 'unicast' ? undefined : (RANGE_WORDS[range] ?? `not a public address (${range})`);
  };
}

function toCidr(text: string): Cidr {
  if (text.includes('/')) return ipaddr.parseCIDR(text);
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

function within(address: ipaddr.IPv4 | ipaddr.IPv6, [network, bits]: Cidr): boolean {
  return address.kind() === network.kind() && address.match(network as never, bits);
}
