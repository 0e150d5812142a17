import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compare } from './compare.ts';
import { judge, sayVerdict } from './judge.ts';

/** More of them: `npm run recount -- --seeds 200`. */
const SEEDS = [3, 13, 20];

describe('the reports of a seeded scenario, counted anew from the simulators’ journals', () => {
  it.each(SEEDS)(
    'have the same figures in every scope and period, and keep their relations: seed %i',
    {
      timeout: 300_000,
    },
    async (seed) => {
      const verdict = await judge(seed, { pdf: seed % 5 === 0 });
      const { differences, broken, figures } = verdict;
      expect(differences.length + broken.length, sayVerdict(verdict)).toBe(0);
      expect(figures).toBeGreaterThan(5_000);
      differsWhereAReportIsWrong(verdict.books);
    },
  );
});

it('is counted by code that knows nothing of reports and their facts', () => {
  for (const file of ['civil', 'history', 'count', 'compare', 'relations']) {
    const text = readFileSync(join(import.meta.dirname, `${file}.ts`), 'utf8');
    const imports = [...text.matchAll(/from '([^']+)'/g)].map(([, from]) => from);
    // Of the product only what a simulator writes down.
    expect(imports.filter((from) => from?.includes('/src/') && from !== '../../src/simulators/wire.ts')).toEqual([]);
  }
});

/** The counter is worth something only where it can disagree: one more in any figure of a report is found. */
function differsWhereAReportIsWrong(books: Parameters<typeof compare>[0]): void {
  const reports = books.reports.filter(({ scope, kind }) => scope !== 'all' && kind === 'monthly').slice(0, 1);
  const figures = reports[0]?.json.figures as Record<string, number>;
  for (const name of ['alerts', 'issues', 'acknowledged', 'resolved', 'reopenings', 'openAtEnd', 'heldAtEnd']) {
    figures[name] = Number(figures[name]) + 1;
    expect(compare({ ...books, looks: [], reports }).differences.map(({ where }) => where.split(' ').at(-1))).toEqual([
      `figures.${name}`,
    ]);
    figures[name] -= 1;
  }
}
