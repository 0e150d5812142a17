import * as v from 'valibot';
import type { ConsoleAuth } from '../../../config/config.ts';
import { type EpochMs, HOUR_MS, MINUTE_MS } from '../../../domain/time.ts';
import type { Viewer } from '../page.ts';
import { keyFrom, seal, unseal } from './sealed.ts';

/** A session ends so long after the last page of it, and so long after the sign-in. */
export const IDLE_MS = 30 * MINUTE_MS;
export const LONGEST_MS = 8 * HOUR_MS;

/** A session that was seen less long ago is not written anew. */
const FRESH_MS = MINUTE_MS;

const shape = v.object({
  id: v.string(),
  name: v.string(),
  account: v.string(),
  /** Those of the token's groups and roles that the configuration named when the person signed in. */
  groups: v.array(v.string()),
  signedInAt: v.number(),
  seenAt: v.number(),
});

/** Who is signed in, all of it in an encrypted cookie: it outlives a restart, and any machine can read it. */
export type Session = v.InferOutput<typeof shape>;

/** What members of these groups may; `undefined` when none of them is named. */
export function mayOf(groups: readonly string[], { viewers, operators }: ConsoleAuth): Viewer['may'] | undefined {
  if (groups.some((group) => operators.includes(group))) return 'act';
  return groups.some((group) => viewers.includes(group)) ? 'look' : undefined;
}

/** A cookie holds 4 kB (RFC 6265 §6.1), and a person may be in hundreds of the groups that are named. */
const MOST_GROUPS = 20;

/** Of a person's groups those that a session keeps, what lets them act first. */
export function decisive(groups: readonly string[], { operators }: ConsoleAuth): string[] {
  const acts = (group: string) => operators.includes(group);
  return [...groups.filter(acts), ...groups.filter((group) => !acts(group))].slice(0, MOST_GROUPS);
}

export function writeSession(session: Session, auth: ConsoleAuth): Promise<string> {
  return seal(session, keyOf(auth));
}

/** Reads a cookie; `undefined` when it is none of ours, has ended, or names nobody who may look any more. */
export async function readSession(
  cookie: string | undefined,
  auth: ConsoleAuth,
  now: EpochMs,
): Promise<{ session: Session; may: Viewer['may']; isStale: boolean } | undefined> {
  const parsed = v.safeParse(shape, await unseal(cookie, keyOf(auth)));
  if (!parsed.success) return undefined;
  const session = parsed.output;
  if (now - session.seenAt >= IDLE_MS || now - session.signedInAt >= LONGEST_MS) return undefined;
  const may = mayOf(session.groups, auth);
  return may && { session, may, isStale: now - session.seenAt >= FRESH_MS };
}

/** A session of one provider's client is none of another's. */
function keyOf({ issuer, clientId, clientSecret }: ConsoleAuth): Buffer {
  return keyFrom(clientSecret, `session ${issuer} ${clientId}`);
}
