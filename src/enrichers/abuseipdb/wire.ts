import * as v from 'valibot';
import type { AbuseReport } from '../../domain/finding.ts';

/** Longest text of an answer that is kept; the longest known names stay far below it. */
const LONGEST_TEXT = 200;

const count = v.pipe(v.number(), v.finite(), v.minValue(0));
const optional = <T extends v.GenericSchema>(schema: T) => v.fallback(v.nullish(schema), undefined);

/**
 * The members we use of an answer to `/check` (docs.abuseipdb.com, CHECK endpoint); unknown ones are ignored, and all
 * but three may be missing or of another type. A score that is no number from 0 to 100 makes the whole answer
 * unreadable: it is never taken for a zero.
 */
const CheckWire = v.object({
  data: v.object({
    ipAddress: v.string(),
    abuseConfidenceScore: v.pipe(count, v.maxValue(100)),
    totalReports: count,
    numDistinctUsers: optional(count),
    countryCode: optional(v.string()),
    usageType: optional(v.string()),
    isp: optional(v.string()),
    domain: optional(v.string()),
    isTor: optional(v.boolean()),
    isWhitelisted: optional(v.boolean()),
    lastReportedAt: optional(v.string()),
  }),
});

/** Reads an answer's body; `undefined` when it is not one. */
export function parseCheck(text: string, windowDays: number): AbuseReport | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = v.safeParse(CheckWire, json);
  if (!parsed.success) return undefined;
  const { data } = parsed.output;
  const countryCode = oneLine(data.countryCode);
  const usageType = oneLine(data.usageType);
  const isp = oneLine(data.isp);
  const domain = oneLine(data.domain);
  const lastReportedAt = Date.parse(data.lastReportedAt ?? '');
  return {
    score: data.abuseConfidenceScore,
    reports: data.totalReports,
    reporters: data.numDistinctUsers ?? 0,
    windowDays,
    ...(countryCode ? { countryCode } : {}),
    ...(usageType ? { usageType } : {}),
    ...(isp ? { isp } : {}),
    ...(domain ? { domain } : {}),
    ...(data.isTor == null ? {} : { isTor: data.isTor }),
    ...(data.isWhitelisted == null ? {} : { isWhitelisted: data.isWhitelisted }),
    ...(Number.isNaN(lastReportedAt) ? {} : { lastReportedAt }),
  };
}

/** The texts stand in one line of a ticket, whatever the answer holds. */
function oneLine(text: string | null | undefined): string {
  const clean = (text ?? '').replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return [...clean.slice(0, 2 * LONGEST_TEXT)].slice(0, LONGEST_TEXT).join('');
}
