import type { TenantId } from '../../domain/alert.ts';
import type { CheckLine } from '../../domain/check.ts';
import { isEdgeFailure } from '../../domain/failure.ts';
import { MINUTE_MS, sayDuration } from '../../domain/time.ts';
import type { AlertSource } from '../source.ts';
import { CloudAppsClient, type CloudAppsParts } from './cloud-apps-client.ts';
import { toAlert } from './to-alert.ts';
import { WindowRead } from './window-read.ts';
import { parseJson } from './wire.ts';

/** A clock that is wrong by more makes windows, waits and the ages of alerts wrong. */
const CLOCKS_APART_MS = 5 * MINUTE_MS;

/** Whom a token of Entra is for, and what lets an application list alerts ("Access with application context"). */
export const CLOUD_APPS_SCOPE = '05a65629-4c1b-48c1-a78b-804c4abdd4af/.default';
export const CLOUD_APPS_NEEDS = {
  anyOf: ['Investigation.read', 'Investigation.manage', 'Discovery.read', 'Discovery.manage'],
  of: 'Microsoft Cloud App Security',
  to: 'to read alerts',
} as const;

/** One tenant of Defender for Cloud Apps, REST API v1. */
export function cloudAppsSource(parts: CloudAppsParts & { tenant: TenantId }): AlertSource {
  const { tenant, clock, random } = parts;
  const client = new CloudAppsClient(parts);
  const subject = `tenant ${tenant}`;
  return {
    tenant,

    async check() {
      const signedIn = await parts.authoriser.check(subject);
      if (signedIn.some(({ level }) => level === 'error')) return signedIn;
      try {
        const { sentAt } = await client.list({ from: clock.now(), skip: 0, limit: 1 });
        const read: CheckLine = { subject, level: 'ok', says: 'the alerts can be read' };
        const apartMs = sentAt === undefined ? 0 : Math.abs(clock.now() - sentAt);
        if (apartMs < CLOCKS_APART_MS) return [...signedIn, read];
        const says = `this machine's clock and the service's are ${sayDuration(apartMs)} apart`;
        return [...signedIn, read, { subject, level: 'warning', says, mend: 'set this machine to network time' }];
      } catch (error) {
        if (!isEdgeFailure(error)) throw error;
        const { mend } = error.details;
        return [...signedIn, { subject, level: 'error', says: error.message, ...(mend === undefined ? {} : { mend }) }];
      }
    },

    read: (start) => new WindowRead({ client, tenant, clock, random }, start).pages(),

    reread(raw, seenAt) {
      let record: unknown = raw;
      try {
        record = parseJson(raw);
      } catch (error) {
        // Raw text that is no JSON was never a record; it stays unreadable, with the same words.
        if (!(error instanceof SyntaxError)) throw error;
      }
      return toAlert(record, tenant, seenAt);
    },
  };
}
