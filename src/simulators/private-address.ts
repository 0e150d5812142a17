import { BlockList, isIP } from 'node:net';

/**
 * Blocks that are not public unicast (IANA special-purpose registries for IPv4 and IPv6, 2026). Kept apart from the
 * product's own judgement on purpose: the simulator is the second opinion.
 */
const NOT_PUBLIC: readonly string[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/96',
  '::ffff:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
];

const blocks = new Map<4 | 6, BlockList>([
  [4, new BlockList()],
  [6, new BlockList()],
]);
for (const block of NOT_PUBLIC) {
  const [network = '', prefix = '0'] = block.split('/');
  const family = isIP(network) === 6 ? 6 : 4;
  blocks.get(family)?.addSubnet(network, Number(prefix), family === 6 ? 'ipv6' : 'ipv4');
}

/** Whether an address means nothing outside the network it is used in; false for what is no address. */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return blocks.get(4)?.check(address, 'ipv4') ?? false;
  return family === 6 && (blocks.get(6)?.check(address, 'ipv6') ?? false);
}
