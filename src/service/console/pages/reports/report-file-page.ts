import { createHash } from 'node:crypto';
import { html } from 'hono/html';
import type { Casewire } from '../../../../assembly/casewire.ts';
import type { ReportFile, ReportFormat } from '../../../../reports/make-report.ts';
import { NotDrawable } from '../../../../reports/not-drawable.ts';
import { periodNamed } from '../../../../reports/periods/periods.ts';
import { type Ask, NothingHere, type Page } from '../../page.ts';
import { KINDS, reportable, scopeNamed } from './reports-page.ts';

const SHOWN: readonly ReportFormat[] = ['html', 'pdf', 'csv', 'json', 'text'];

/** Reports are made one after the other: each counts a whole period, and alerts are not to wait for it. */
const queues = new WeakMap<Casewire, { waiting: number; last: Promise<unknown> }>();
const MOST_WAITING = 8;

/** One report in one format; HTML opens, the others are downloaded. */
export const reportFilePage: Page = {
  path: '/reports/:scope/:kind/:period/:format',
  here: 'reports',
  async show(ask) {
    const queue = queueOf(ask);
    if (queue.waiting >= MOST_WAITING)
      return {
        title: 'Many reports are being made',
        body: html`<p class="notice attention">Reports are made one after the other, and ${queue.waiting} are asked for already. Try again in a moment.</p>`,
      };
    queue.waiting += 1;
    const file = queue.last
      .then(() => made(ask))
      .finally(() => {
        queue.waiting -= 1;
      });
    queue.last = file.catch(() => undefined);
    try {
      return answerWith(await file);
    } catch (error) {
      if (!(error instanceof NotDrawable)) throw error;
      return { title: 'This report cannot be made so', body: html`<p class="notice bad">${error.message}</p>` };
    }
  },
};

function queueOf({ parts }: Ask) {
  const { casewire } = parts.atWork();
  const queue = queues.get(casewire) ?? { waiting: 0, last: Promise.resolve() };
  queues.set(casewire, queue);
  return queue;
}

async function made({ parts, params }: Ask): Promise<ReportFile> {
  const { casewire, config, ledger } = parts.atWork();
  const configured = config.tenants.map(({ tenant }) => tenant);
  const scope = scopeNamed(params.scope ?? '', await reportable(configured, ledger.coverage));
  const kind = KINDS.find((one) => one === params.kind);
  const format = SHOWN.find((one) => one === params.format);
  const period = kind && periodNamed(kind, config.reports.timezone, params.period ?? '');
  if (!kind || !period || !format)
    throw new NothingHere('There is no such report; those that there are stand under Reports.');
  if (period.from > parts.clock.now()) throw new NothingHere('This period has not begun.');
  const report = await casewire.report({ scope, kind, from: period.from, version: parts.version });
  return report.file({ format });
}

function answerWith({ fileName, mediaType, bytes }: ReportFile): Response {
  const shown = mediaType.startsWith('text/html');
  return new Response(Buffer.from(bytes), {
    headers: {
      'content-type': mediaType,
      'content-disposition': `${shown ? 'inline' : 'attachment'}; filename="${fileName}"`,
      ...(shown ? { 'content-security-policy': policyOf(Buffer.from(bytes).toString()) } : {}),
    },
  });
}

/** A report is one file with its stylesheet in it: that very text is let in by its hash, and nothing else (CSP level 3, §2.3.1). */
function policyOf(text: string): string {
  const styles = [...text.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/g)].map(
    ([, inside = '']) => `'sha256-${createHash('sha256').update(inside).digest('base64')}'`,
  );
  return `default-src 'none'; style-src ${styles.join(' ') || "'none'"}; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}
