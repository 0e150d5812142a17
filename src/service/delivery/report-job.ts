import type { Config } from '../../config/config.ts';
import type { ReportsConfig } from '../../config/reports-config.ts';
import { type Clock, type EpochMs, HOUR_MS, MINUTE_MS } from '../../domain/time.ts';
import type { Delivery, DeliveryEnd, OpenDelivery, RecipientEnd } from '../../ledger/deliveries/deliveries-port.ts';
import type { Ledger, Owner } from '../../ledger/ledger.ts';
import type { Progress } from '../../observe/progress.ts';
import type { PeriodAsk, PeriodReports, Report, ReportFile, ReportFormat } from '../../reports/make-report.ts';
import { periodAt } from '../../reports/periods/periods.ts';
import type { Job } from '../../scheduler/scheduler.ts';
import { deliveriesOf, endedSince } from './due-reports.ts';
import { MailBag } from './mail-words.ts';
import type { PostedTo } from './post-mail.ts';
import { putInFolder } from './put-in-folder.ts';

type Deliver = NonNullable<ReportsConfig['deliver']>;

export interface ReportJobParts {
  config: Config;
  ledger: Pick<Ledger, 'deliveries'>;
  owner: Owner;
  clock: Clock;
  progress: Progress;
  /** The reports of a period, all told as of one instant. */
  reports(ask: PeriodAsk): Promise<Pick<PeriodReports, 'provisional' | 'report'>>;
}

const EVERY_MS = MINUTE_MS;
const SPREAD_MS = 20_000;

/** A report is in one hand for so long; making the largest takes seconds, a slow mail server minutes. */
const IN_HAND_MS = 10 * MINUTE_MS;

const LOOK_AGAIN_MS = 5 * MINUTE_MS;

const PAUSES_MS = [5 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS, 3 * HOUR_MS, 6 * HOUR_MS];

/**
 * The job that delivers each report when its period has ended. What is due is in the ledger, so that each is made once
 * whichever process makes it, and a failed one is tried again. A report waits until its period is fixed.
 */
export function reportJob(parts: ReportJobParts): Job[] {
  const { deliver } = parts.config.reports;
  if (!deliver) return [];
  /** Planned up to this instant of each kind. */
  const planned = new Map<string, number>();
  return [
    {
      name: 'deliver reports',
      everyMs: EVERY_MS,
      spreadMs: SPREAD_MS,
      async run(signal) {
        for (const kind of deliver.when) await plan(parts, deliver, { kind, planned });
        await deliverDue(parts, deliver, signal);
        return undefined;
      },
    },
  ];
}

async function plan(
  { config, ledger, clock }: ReportJobParts,
  deliver: Deliver,
  { kind, planned }: { kind: Delivery['kind']; planned: Map<string, number> },
): Promise<void> {
  const now = clock.now();
  const zone = config.reports.timezone;
  const current = periodAt(kind, zone, now);
  if (planned.get(kind) === current.from) return;
  const since = await ledger.deliveries.since(kind, current.from);
  const tenants = config.tenants.map(({ tenant }) => tenant);
  for (const period of endedSince(kind, { zone, since, now }))
    await ledger.deliveries.plan(deliveriesOf(period, tenants, deliver.mail !== undefined), now);
  planned.set(kind, current.from);
}

async function deliverDue(parts: ReportJobParts, deliver: Deliver, signal: AbortSignal): Promise<void> {
  const { ledger, owner, clock, progress } = parts;
  // Once a run for all reports of a period: thousands of them fall due at the same midnight.
  const opened = new Map<string, OpenedPeriod>();
  while (!signal.aborted) {
    const now = clock.now();
    const due = await ledger.deliveries.take({ owner, now, until: now + IN_HAND_MS });
    if (!due) return;
    const { recipients, ...outcome } = await outcomeOf(parts, deliver, { due, opened });
    await ledger.deliveries.end({ delivery: due, owner, now: clock.now(), outcome, ...(recipients && { recipients }) });
    const { scope, kind, channel } = due;
    const told = { scope, kind, channel, period: new Date(due.from).toISOString().slice(0, 10) };
    if (outcome.end === 'done') progress({ event: 'report-delivered', ...told });
    if (outcome.end === 'failed') progress({ event: 'report-failed', ...told, why: outcome.why });
    if (outcome.end === 'refused') progress({ event: 'report-failed', ...told, why: outcome.why, final: true });
  }
}

type OpenedPeriod = Awaited<ReturnType<ReportJobParts['reports']>>;

async function outcomeOf(
  parts: ReportJobParts,
  deliver: Deliver,
  { due, opened }: { due: OpenDelivery; opened: Map<string, OpenedPeriod> },
): Promise<DeliveryEnd & { recipients?: readonly RecipientEnd[] }> {
  const { kind, from } = due;
  const nextAt = () => parts.clock.now() + (PAUSES_MS[due.failures] ?? 6 * HOUR_MS);
  try {
    const name = `${kind} ${from}`;
    const reports = opened.get(name) ?? (await parts.reports({ kind, from }));
    opened.set(name, reports);
    // What may still change is not delivered.
    if (reports.provisional !== undefined)
      return { end: 'waits', why: reports.provisional, nextAt: parts.clock.now() + LOOK_AGAIN_MS };
    if (due.channel === 'mail') return mailEnd(await toMail(parts, deliver, { due, reports }), due, nextAt);
    await toFolder(reports, deliver, due);
    return { end: 'done' };
  } catch (error) {
    return { end: 'failed', why: wordsOf(error), nextAt: nextAt() };
  }
}

/** How a mail ended, of what became of it for each recipient now and in earlier tries. */
function mailEnd(
  posted: readonly PostedTo[],
  { recipients: earlier }: OpenDelivery,
  nextAt: () => EpochMs,
): DeliveryEnd & { recipients: readonly RecipientEnd[] } {
  const recipients = posted.filter(({ later }) => later === undefined);
  const later = posted.flatMap((one) => (one.later === undefined ? [] : `${one.address} (${one.later})`));
  const final = [...earlier, ...recipients]
    .flatMap((one) => (one.refused === undefined ? [] : `${one.address} (${one.refused})`))
    .join(', ');
  const words = final === '' ? '' : `the mail server refused it for good for ${final}, which is not tried again`;
  if (later.length === 0) return { ...(words === '' ? { end: 'done' } : { end: 'refused', why: words }), recipients };
  const why = `the mail server did not take it yet for ${later.join(', ')}${words === '' ? '' : `; ${words}`}`;
  return { end: 'failed', why, nextAt: nextAt(), recipients };
}

async function toFolder(reports: OpenedPeriod, deliver: Deliver, { scope }: Delivery): Promise<void> {
  const files = await drawn(await counted(reports, deliver, scope), deliver.formats);
  for (const file of files) await putInFolder(deliver.folder, scope, file);
}

function counted({ report }: OpenedPeriod, { pseudonymise }: Deliver, scope: Delivery['scope']) {
  return report({ scope, pseudonymise });
}

async function drawn(report: Pick<Report, 'file'>, formats: readonly ReportFormat[]): Promise<readonly ReportFile[]> {
  const files: ReportFile[] = [];
  for (const format of formats) files.push(await report.file({ format }));
  return files;
}

/** Mails it to those for whom no earlier try ended; answers how this one ended for each of them. */
async function toMail(
  parts: ReportJobParts,
  deliver: Deliver,
  { due, reports }: { due: OpenDelivery; reports: OpenedPeriod },
): Promise<readonly PostedTo[]> {
  const { mail, formats, folder } = deliver;
  const { config, clock } = parts;
  // Switched off since this was planned: nobody is to get it.
  if (!mail) return [];
  const ended = new Set(due.recipients.map(({ address }) => address));
  const to = mail.to.filter((address) => !ended.has(address));
  if (to.length === 0) return [];
  const tenants = config.tenants.map(({ tenant }) => tenant);
  const scopes: Delivery['scope'][] = tenants.length > 1 ? ['all', ...tenants] : tenants;
  const [first = 'all'] = scopes;
  const overview = await counted(reports, deliver, first);
  const { bytes } = await overview.file({ format: 'text' });
  const bag = new MailBag();
  for (const scope of scopes) {
    if (!bag.hasRoom(formats.length)) bag.leave();
    else
      try {
        const report = scope === first ? overview : await counted(reports, deliver, scope);
        bag.put(scope, await drawn(report, formats));
      } catch (error) {
        bag.failed(scope, wordsOf(error));
      }
  }
  const period = periodAt(due.kind, config.reports.timezone, due.from).name;
  const text = new TextDecoder().decode(bytes);
  const says = bag.seal({ kind: due.kind, period, overview: text, folder, console: config.service.publicUrl });
  const [, domain = 'casewire'] = mail.from.replace(/[<>\s]/g, '').split('@');
  const { postMail } = await import('./post-mail.ts');
  return postMail(
    { ...mail, to },
    { ...says, id: `<casewire-${due.kind}-${period}@${domain}>`, date: new Date(clock.now()) },
  );
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
