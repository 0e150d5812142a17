import * as v from 'valibot';
import type { AbuseReport } from '../../domain/finding.ts';

/**
 * The members we use of an answer to `/check` (docs.abuseipdb.com, CHECK endpoint); unknown ones are ignored, and all
 * but three may be missing. A score that is no number from 0 to 100 makes the whole answer unreadable, never a zero.
 */
const CheckWire = v.object({
  data: v.object({
    ipAddress: v.string(),
    abuseConfidenceScore: v.pipe(v.number(), v.minValue(0), v.maxValue(100)),
    totalReports: v.pipe(v.number(), v.minValue(0)),
    numDistinctUsers: v.nullish(v.number()),
    countryCode: v.nullish(v.string()),
    usageType: v.nullish(v.string()),
    isp: v.nullish(v.string()),
    domain: v.nullish(v.string()),
    isTor: v.nullish(v.boolean()),
    isWhitelisted: v.nullish(v.boolean()),
    lastReportedAt: v.nullish(v.string()),
  }),
});

/** Reads an answer; `undefined` when it is not one. */
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
  const lastReportedAt = data.lastReportedAt ? Date.parse(data.lastReportedAt) : Number.NaN;
  return {
    score: data.abuseConfidenceScore,
    reports: data.totalReports,
    reporters: data.numDistinctUsers ?? 0,
    windowDays,
    ...(data.countryCode ? { countryCode: data.countryCode } : {}),
    ...(data.usageType ? { usageType: data.usageType } : {}),
    ...(data.isp ? { isp: data.isp } : {}),
    ...(data.domain ? { domain: data.domain } : {}),
    ...(data.isTor == null ? {} : { isTor: data.isTor }),
    ...(data.isWhitelisted == null ? {} : { isWhitelisted: data.isWhitelisted }),
    ...(Number.isNaN(lastReportedAt) ? {} : { lastReportedAt }),
  };
}
