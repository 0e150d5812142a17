import type { EpochMs } from '../../domain/time.ts';
import type { SimAlert } from '../cloud-apps-sim.ts';
import { toRecord } from './record.ts';

export interface ManyAlertsOptions {
  tenant?: string;
  /** The same seed gives the same alerts. */
  seed?: number;
  /** How many different public addresses occur in all; each alert names one, and every fourth a second. */
  distinctAddresses?: number;
  /** The youngest alert is raised just before this instant. */
  before: EpochMs;
  /** Between one alert and the next; 100 ms unless said. */
  everyMs?: number;
}

const TITLES = [
  'Impossible travel activity',
  'Mass download by a single user',
  'Multiple failed login attempts',
  'Activity from infrequent country',
  'Suspicious inbox forwarding',
  'Unusual file share activity (by user)',
];
const NAMES = ['Ada Lindqvist', 'Priya Raman', 'Tom Baker', 'Maria Gomez', 'Kenji Ito', 'Grace Osei', 'Jon Berg'];

/** Any number of different, life-like alerts of one tenant, oldest first, for floods and measurements. */
export function manyAlerts(count: number, options: ManyAlertsOptions): SimAlert[] {
  const { tenant = 'contoso', seed = 1, distinctAddresses = 200, before, everyMs = 100 } = options;
  const random = mulberry32(seed);
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
  const address = () => publicAddress(Math.floor(random() * distinctAddresses));
  return Array.from({ length: count }, (_, number) => {
    const displayName = pick(NAMES);
    const user = {
      displayName,
      address: `${displayName.toLowerCase().replace(' ', '.')}.${number % 997}@${tenant}.com`,
    };
    const ips = distinctAddresses === 0 ? [] : number % 4 === 0 ? [address(), address()] : [address()];
    const title = pick(TITLES);
    return toRecord({
      tenant,
      number: seed * 0x1000000 + number,
      at: before - (count - number) * everyMs,
      title,
      description: `<p>${title}: the user ${displayName} (${user.address}) was active from ${ips.join(' and ')}.<br>This is alert ${number}.</p>`,
      severity: pick([0, 1, 1, 2] as const),
      user,
      ips,
      service: [11_161, 'Microsoft 365'],
    });
  });
}

/** The nth of the public addresses that `manyAlerts` uses; there are some twelve million. */
export function publicAddress(n: number): string {
  return `45.${64 + ((n >> 16) & 0x7f)}.${(n >> 8) & 0xff}.${n & 0xff}`;
}

/** A small generator of even quality (Tommy Ettinger's Mulberry32, public domain). */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
