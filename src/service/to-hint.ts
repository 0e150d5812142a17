import type { SiteConfig } from '../config/config.ts';
import type { SiteId } from '../domain/ticket.ts';
import type { EpochMs } from '../domain/time.ts';

/** What of a call is read; the rest of its content is neither believed nor kept. */
export interface HintReading {
  issueId: string;
  /** When Jira made the call, by its own word. */
  at: EpochMs;
  /** Host of the issue's own address. */
  host?: string;
}

/** Changes of an issue that already is; its birth tells nothing new. */
const EVENTS = new Set(['jira:issue_updated', 'jira:issue_deleted']);

/** Reads the body of a call whose signature was right; `nothing` when it tells of no change to an issue. */
export function toHint(body: Buffer): HintReading | 'nothing' | 'unreadable' {
  const payload = parse(body);
  if (!isObject(payload) || typeof payload.webhookEvent !== 'string') return 'unreadable';
  if (!EVENTS.has(payload.webhookEvent)) return 'nothing';
  const { issue, timestamp } = payload;
  const id = isObject(issue) ? String(issue.id) : '';
  if (!isObject(issue) || !/^\d{1,19}$/.test(id) || !Number.isSafeInteger(timestamp)) return 'unreadable';
  const host = typeof issue.self === 'string' ? URL.parse(issue.self)?.host : undefined;
  return { issueId: id, at: timestamp as EpochMs, ...(host ? { host } : {}) };
}

/** The sites whose address has the host; all where none has it, as behind Atlassian's gateway. */
export function sitesAt(host: string | undefined, sites: readonly SiteConfig[]): readonly SiteId[] {
  const own = sites.filter(({ url, siteUrl }) => [url, siteUrl].some((at) => at && URL.parse(at)?.host === host));
  return (own.length > 0 ? own : sites).map(({ site }) => site);
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
