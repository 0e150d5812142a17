import type { IpAddress } from '../../domain/alert.ts';
import { canonicalIp, findIpAddresses } from '../extract/ip-addresses.ts';
import { toOneLine } from '../extract/plain-text.ts';
import { toScanText } from '../extract/scan-text.ts';

/** Each address once, in order: those of the entities, then those that only the text mentions. */
export function toIps(entities: readonly string[], mentioned: readonly string[]): IpAddress[] {
  const ips = new Map<string, IpAddress>();
  for (const address of entities) ips.set(address, { address, origin: 'entity' });
  for (const address of mentioned) if (!ips.has(address)) ips.set(address, { address, origin: 'text' });
  return [...ips.values()];
}

/** The addresses in the field of an entity that ought to hold one, `defanged` or beside other words as it may be. */
export function addressesIn(field: string, besides = ''): readonly string[] {
  const whole = canonicalIp(field);
  return whole ? [whole] : findIpAddresses(toScanText(toOneLine(`${field} ${besides}`))).addresses;
}
