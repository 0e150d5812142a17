import type { Config } from '../../config/config.ts';
import { type CredentialEnd, credentialEnds } from '../../config/credential-ends.ts';
import type { CheckLine } from '../../domain/check.ts';
import { DAY_MS, type EpochMs, sayDuration, sayInstant } from '../../domain/time.ts';

/** A credential that ends within this time is worth a warning. */
const ENDS_SOON_MS = 30 * DAY_MS;

/** A line for each credential that ends soon, or has ended. */
export function checkCredentials(config: Config, now: EpochMs): readonly CheckLine[] {
  return credentialEnds(config).flatMap((end) => {
    const leftMs = end.endsAt - now;
    if (leftMs > ENDS_SOON_MS) return [];
    const { subject, mend } = end;
    return [{ subject, level: leftMs <= 0 ? 'error' : 'warning', says: sayEnd(end, now), mend } satisfies CheckLine];
  });
}

/** `the certificate AB12CD34… ends in 12 d 3 h, at 2026-12-05 10:00:00 UTC`. */
function sayEnd({ what, endsAt }: CredentialEnd, now: EpochMs): string {
  const leftMs = endsAt - now;
  const when = leftMs <= 0 ? `ended ${sayDuration(-leftMs)} ago` : `ends in ${sayDuration(leftMs)}`;
  return `${what} ${when}, at ${sayInstant(endsAt)}`;
}
