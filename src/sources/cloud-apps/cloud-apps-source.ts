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

/** One tenant of Defender for Cloud Apps, REST API v1. */
export function cloudAppsSource(parts: CloudAppsParts & { tenant: TenantId }): AlertSource {
  const { tenant, clock, random } = parts;
  const client = new CloudAppsClient(parts);
  const subject = `tenant ${tenant}`;
  return {
    tenant,

    async check() {
      try {
        const { sentAt } = await client.list({ from: clock.now(), skip: 0, limit: 1 });
        const read: CheckLine = { subject, level: 'ok', says: 'the alerts can be read' };
        const apartMs = sentAt === undefined ? 0 : Math.abs(clock.now() - sentAt);
        if (apartMs < CLOCKS_APART_MS) return [read];
        const says = `this machine's clock and the service's are ${sayDuration(apartMs)} apart`;
        return [read, { subject, level: 'warning', says, mend: 'set this machine to network time' }];
      } catch (error) {
        if (!isEdgeFailure(error)) throw error;
        const { mend } = error.details;
        return [{ subject, level: 'error', says: error.message, ...(mend === undefined ? {} : { mend }) }];
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
