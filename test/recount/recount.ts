import { parseArgs } from 'node:util';
import { historiesOf } from './history.ts';
import { judge, sayVerdict } from './judge.ts';

/**
 * Counts the reports of many scenarios anew: `npm run recount -- --seeds 200`, or `--seed 17 --explain contoso` for one
 * and the histories of a tenant's alerts. Ends with 1 where a figure differs.
 */

/** PDF takes most of the time of a scenario, and is drawn from the same blocks as the others. */
const PDF_EVERY = 5;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    explain: { type: 'string' },
  },
});
const first = Number(values.seed ?? values.from);
const seeds = values.seed === undefined ? Number(values.seeds) : 1;
if (!Number.isSafeInteger(first) || !Number.isSafeInteger(seeds) || seeds < 1)
  throw new Error('--seeds, --from and --seed take whole numbers');

let [reports, figures, failed] = [0, 0, 0];
const met = { alerts: 0, issues: 0, verdicts: 0, 'provisional reports': 0, 'reports with a tenant missing': 0 };
for (let seed = first; seed < first + seeds; seed++) {
  try {
    const verdict = await judge(seed, { pdf: seed % PDF_EVERY === 0 });
    reports += verdict.reports;
    figures += verdict.figures;
    const { alerts, jira, defender, looks } = verdict.books;
    const looked = looks.flatMap(({ first: made }) => made);
    met.alerts += alerts.length;
    met.issues += jira.filter(({ kind }) => kind === 'created').length;
    met.verdicts += defender.filter(({ resolution }) => resolution > 0).length;
    met['provisional reports'] += looked.filter(({ json }) => json.provisional === true).length;
    met['reports with a tenant missing'] += looked.filter(({ json }) => json.missing !== undefined).length;
    if (values.explain !== undefined) explain(verdict.books, values.explain);
    if (verdict.differences.length + verdict.broken.length === 0) continue;
    process.stdout.write(`${sayVerdict(verdict)}\n`);
  } catch (error) {
    process.stdout.write(`seed ${seed}: ${error instanceof Error ? error.stack : String(error)}\n`);
  }
  failed += 1;
}
process.stdout.write(
  `${seeds} seeds, ${reports} reports, ${figures} figures: ${failed === 0 ? 'all agree' : `${failed} seeds do not agree`}\n`,
);
process.stdout.write(
  `played: ${Object.entries(met)
    .map(([what, n]) => `${n} ${what}`)
    .join(', ')}\n`,
);
process.exitCode = failed === 0 ? 0 : 1;

function explain(books: Parameters<typeof historiesOf>[0], tenant: string): void {
  const readable = (_: string, value: unknown) =>
    typeof value === 'number' && value > 1e12 ? new Date(value).toISOString() : value;
  for (const history of historiesOf(books).filter((one) => one.tenant === tenant))
    process.stdout.write(`${JSON.stringify(history, readable)}\n`);
}
