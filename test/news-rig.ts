import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Alert, dedupKeyOf, type TenantId } from '../src/domain/alert.ts';
import type { IpFinding } from '../src/domain/finding.ts';
import type { IssueChange } from '../src/domain/issue-change.ts';
import type { Link } from '../src/domain/link.ts';
import type { SiteId, TicketDraft, TicketRef } from '../src/domain/ticket.ts';
import { DAY_MS, HOUR_MS } from '../src/domain/time.ts';
import type { Ledger, Owner } from '../src/ledger/ledger.ts';
import { sqlLedger } from '../src/ledger/sql-ledger.ts';
import { openSqlite } from '../src/ledger/store/sqlite.ts';
import type { SyncParts } from '../src/lifecycle/sync/sync-parts.ts';
import type { ProgressEvent } from '../src/observe/progress.ts';
import type { TenantParts } from '../src/pipeline/pass-parts.ts';
import { propose } from '../src/pipeline/propose.ts';
import { SiteHealth } from '../src/pipeline/site-health.ts';
import type { Rule } from '../src/rules/rule.ts';
import type { WriteOutcome } from '../src/tracker/issue-keeper.ts';
import { HandClock } from './hand-clock.ts';

const LADDER = ['Highest', 'High', 'Medium', 'Low', 'Lowest'];
const site = 'default' as SiteId;

/** An issue as a tracker without a network holds it; it keeps the laws of the ports and nothing else. */
export class HeldIssue {
  readonly ticket: TicketRef;
  readonly fields: Record<string, unknown>;
  readonly history: IssueChange[] = [];
  seen: 'open' | 'done' | 'gone' = 'open';
  writes = 0;
  /** How the next writes end instead. */
  endings: WriteOutcome[] = [];

  constructor(number: number, draft: TicketDraft) {
    this.ticket = {
      id: String(10_000 + number),
      key: `SOC-${number}`,
      url: `https://jira.example/browse/SOC-${number}`,
    };
    this.fields = { ...fieldsOf(draft), priority: draft.priority };
  }

  edit(at: number, field: string, value: unknown, own = false): void {
    this.history.push({ at, own, field });
    this.fields[field] = value;
  }
}

function fieldsOf({ summary, description, fields }: TicketDraft): Record<string, unknown> {
  return { summary, description: JSON.stringify(description), ...fields };
}

/** A ledger on disk with raised alerts, whose issues are held in memory. */
export class NewsRig {
  readonly clock = new HandClock();
  readonly tenant = 'contoso' as TenantId;
  readonly issues = new Map<string, HeldIssue>();
  readonly events: ProgressEvent[] = [];
  /** What look-ups answer, by address; others are not checked, for a spent quota. */
  readonly answers = new Map<string, IpFinding>();
  readonly asked: string[] = [];
  spare = 1_000;
  rules: Rule[] = [];
  onEvent: (event: ProgressEvent) => void = () => {};
  readonly #folder = mkdtempSync(join(tmpdir(), 'casewire-news-'));
  #open: Ledger | undefined;

  /** A process of its own on the same store. */
  async parts(owner = 'here/1/me'): Promise<SyncParts> {
    await this.#open?.close();
    const ledger = sqlLedger(await openSqlite(join(this.#folder, 'casewire.db')));
    this.#open = ledger;
    const { clock, tenant } = this;
    const policy = {
      tenant,
      ticket: {
        site,
        project: 'SOC',
        issueType: 'Task',
        priority: { high: 'Highest', medium: 'Medium', low: 'Low' },
        priorityIs: 'configured' as const,
        labels: ['defender'],
        fields: { 'Affected User': "{{ alert.users | map: 'name' | join: ', ' }}", Customer: '{{ tenant }}' },
      },
      rules: this.rules,
      newTicketsPerHour: 0,
    };
    const own = { policy, fingerprint: 'p', lookbackMs: DAY_MS } as unknown as TenantParts;
    return {
      ledger,
      owner: owner as Owner,
      tenants: new Map([[tenant, own]]),
      sites: new Map([[site, this.#site()]]),
      clock,
      sync: { fromDefender: {} },
      progress: (event) => {
        this.events.push(event);
        this.onEvent(event);
      },
      lookUps: {
        lookUp: async (addresses) => {
          this.asked.push(...addresses);
          this.spare -= addresses.length;
          return addresses.map(
            (address) =>
              this.answers.get(address) ?? { checked: false, address, why: 'the quota is spent', later: true },
          );
        },
        spare: async () => Math.max(0, this.spare),
      },
    };
  }

  #site(): NonNullable<ReturnType<SyncParts['sites']['get']>> {
    const issue = (id: string) => this.issues.get(id) as HeldIssue;
    const write = (id: string, changes: Record<string, unknown>): WriteOutcome => {
      const ending = issue(id).endings.shift();
      if (ending && ending.outcome !== 'unknown') return ending;
      issue(id).writes += 1;
      for (const [field, value] of Object.entries(changes)) issue(id).edit(this.clock.now(), field, value, true);
      return ending ?? { outcome: 'done', changed: true };
    };
    const parts = {
      keeper: {
        statusOf: async ({ id }: { id: string }) => {
          const { seen, ticket } = issue(id);
          return seen === 'gone'
            ? { seen, why: 'it was deleted' }
            : { seen, ticket, status: seen === 'done' ? 'Done' : 'To Do' };
        },
        ensurePriority: async (id: string, { asked, given }: { asked: readonly string[]; given?: string }) => {
          const now = String(issue(id).fields.priority);
          const [wanted = ''] = asked;
          if (LADDER.indexOf(now) <= LADDER.indexOf(wanted)) return { outcome: 'done', changed: false, now };
          if (given !== undefined && given !== now)
            return { outcome: 'done', changed: false, now, note: `priority left at ${now}, which a person chose` };
          return { ...write(id, { priority: wanted }), now: wanted };
        },
      },
      watch: { history: async (id: string) => issue(id).history },
      mover: {
        ensureFields: async (id: string, draft: TicketDraft, mayWrite: (field: string) => boolean) => {
          const differing = Object.entries(fieldsOf(draft)).filter(([name, value]) => issue(id).fields[name] !== value);
          const written = differing.filter(([name]) => mayWrite(name));
          const left = differing.filter(([name]) => !mayWrite(name)).map(([name]) => name);
          if (written.length === 0) return { outcome: 'done', changed: false, written: [], left };
          const outcome = write(id, Object.fromEntries(written));
          return outcome.outcome === 'done' ? { ...outcome, written: written.map(([name]) => name), left } : outcome;
        },
      },
      health: new SiteHealth(),
      reconcileWindowMs: HOUR_MS,
    };
    return parts as unknown as NonNullable<ReturnType<SyncParts['sites']['get']>>;
  }

  /** Raises alerts with what is known of their addresses. */
  async raise(alerts: readonly Alert[], parts: SyncParts): Promise<readonly HeldIssue[]> {
    const { ledger, owner } = parts;
    const { tenant } = this;
    const now = this.clock.now();
    const until = now + HOUR_MS;
    await ledger.reading.begin({ tenant, owner, now, until });
    const page = { alerts, unreadable: [], warnings: [], position: { memo: '', watermark: now } };
    await ledger.reading.admit({ tenant, owner, page, now, until });
    await ledger.reading.end({ tenant, owner, now });
    await ledger.inbox.lease({ tenant, owner, now, until, most: 10_000 });
    const raised: HeldIssue[] = [];
    for (const alert of alerts) {
      const proposal = await propose(alert, parts.tenants.get(tenant) as TenantParts, parts);
      if (!('draft' in proposal)) throw new Error('not raised');
      const issue = new HeldIssue(this.issues.size + 1, proposal.draft);
      this.issues.set(issue.ticket.id, issue);
      raised.push(issue);
      const key = dedupKeyOf(tenant, alert.id);
      const { route } = proposal.draft;
      const claim = await ledger.outbox.claim({
        key,
        owner,
        route,
        now,
        until,
        proposal: JSON.stringify(proposal.line),
      });
      if (!claim) throw new Error('not claimed');
      await ledger.outbox.end({ key, outcome: 'created', attempt: claim.attempt, site, ticket: issue.ticket }, now);
    }
    this.asked.length = 0;
    return raised;
  }

  linkOf(alert: Alert): Link {
    return { key: dedupKeyOf(alert.tenant, alert.id), tenant: alert.tenant, alertId: alert.id } as Link;
  }

  /** The texts of comments that issues are to be told. */
  async notes(parts: SyncParts): Promise<readonly string[]> {
    const now = this.clock.now();
    const ask = { tenant: this.tenant, owner: 'elsewhere/9/reader' as Owner, now, until: now + 1, most: 100 };
    const comments = await parts.ledger.notes.gather(ask);
    this.clock.advance(2);
    return comments.flatMap(({ notes }) => notes.map(({ document }) => JSON.stringify(document)));
  }

  writes(): number {
    return [...this.issues.values()].reduce((sum, { writes }) => sum + writes, 0);
  }

  async end(): Promise<void> {
    await this.#open?.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
