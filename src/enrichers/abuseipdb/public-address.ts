import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Cidr = readonly [Address, number];

/**
 * Blocks that are not public, by our own list, whatever a library of ranges knows of them (IANA IPv4 and IPv6
 * Special-Purpose Address Registries; RFC 9637 for 3fff::/20). The first that fits gives the word.
 */
const NEVER_PUBLIC: readonly (readonly [string, string])[] = [
  ['0.0.0.0/8', 'unspecified address'],
  ['10.0.0.0/8', 'private address'],
  ['100.64.0.0/10', 'carrier-grade NAT address'],
  ['127.0.0.0/8', 'loopback address'],
  ['169.254.0.0/16', 'link-local address'],
  ['172.16.0.0/12', 'private address'],
  ['192.0.0.0/24', 'reserved address'],
  ['192.0.2.0/24', 'documentation range'],
  ['192.88.99.0/24', '6to4 relay address'],
  ['192.168.0.0/16', 'private address'],
  ['198.18.0.0/15', 'benchmarking range'],
  ['198.51.100.0/24', 'documentation range'],
  ['203.0.113.0/24', 'documentation range'],
  ['224.0.0.0/4', 'multicast address'],
  ['255.255.255.255/32', 'broadcast address'],
  ['240.0.0.0/4', 'reserved address'],
  ['::/128', 'unspecified address'],
  ['::1/128', 'loopback address'],
  ['64:ff9b:1::/48', 'NAT64 address'],
  ['100::/64', 'discard-only address'],
  ['2001::/32', 'Teredo address'],
  ['2001:2::/48', 'benchmarking range'],
  ['2001:20::/28', 'ORCHID address'],
  ['2001::/23', 'reserved address'],
  ['2001:db8::/32', 'documentation range'],
  ['2002::/16', '6to4 address'],
  ['3fff::/20', 'documentation range'],
  ['5f00::/16', 'segment routing address'],
  ['fc00::/7', 'private address'],
  ['fe80::/10', 'link-local address'],
  ['fec0::/10', 'private address'],
  ['ff00::/8', 'multicast address'],
];

/** The only IPv6 block out of which public unicast addresses are given (IANA IPv6 Address Space). */
const GLOBAL_UNICAST = toCidr('2000::/3');

/** Carries a public IPv4 address in its last 32 bits (RFC 6052 §2.1). */
const NAT64 = toCidr('64:ff9b::/96');

/** What may be sent for an address, or why nothing is, in words that complete "not checked: …". */
export type AddressVerdict = { send: string } | { refused: string };

/**
 * Judges addresses: only public unicast outside the own ranges may be sent, everything else is refused. An IPv6
 * address that merely carries an IPv4 address (mapped, NAT64) is judged as that one and sent as that one.
 * @throws Error when `neverSend` holds something that is neither an address nor a CIDR range.
 */
export function addressJudge(neverSend: readonly string[]): (address: string) => AddressVerdict {
  const own = neverSend.map(toCidr);
  const never = NEVER_PUBLIC.map(([cidr, word]) => [toCidr(cidr), word] as const);

  const refusalOf = (address: Address): string | undefined => {
    if (own.some((cidr) => within(address, cidr))) return 'own range (neverSend)';
    const known = never.find(([cidr]) => within(address, cidr));
    if (known) return known[1];
    if (address.kind() === 'ipv6' && !within(address, GLOBAL_UNICAST)) return 'reserved address';
    const range = address.range();
    return range === 'unicast' ? undefined : `not a public address (${range})`;
  };

  return (text) => {
    const address = parse(text);
    if (!address) return { refused: 'not a valid address' };
    if (!within(address, NAT64)) return verdict(address, refusalOf(address));
    const inner = new ipaddr.IPv4(address.toByteArray().slice(12));
    const refused = own.some((cidr) => within(address, cidr)) ? 'own range (neverSend)' : refusalOf(inner);
    return verdict(inner, refused === undefined ? undefined : `NAT64 address of ${inner} (${refused})`);
  };
}

function verdict(address: Address, refused: string | undefined): AddressVerdict {
  return refused === undefined ? { send: address.toString() } : { refused };
}

/** Strict: dotted quads only, no zone ids, no octal or shortened forms; mapped IPv6 becomes the IPv4 it stands for. */
function parse(text: string): Address | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  return !text.includes('%') && ipaddr.IPv6.isValid(text) ? ipaddr.process(text) : undefined;
}

function toCidr(text: string): Cidr {
  const [address, bits] = text.includes('/') ? ipaddr.parseCIDR(text) : whole(ipaddr.parse(text));
  const mapped = address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && bits >= 96;
  return mapped ? [address.toIPv4Address(), bits - 96] : [address, bits];
}

function whole(address: Address): Cidr {
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

function within(address: Address, [network, bits]: Cidr): boolean {
  return address.kind() === network.kind() && address.match(network as never, bits);
}
