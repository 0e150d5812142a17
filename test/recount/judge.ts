import { type Comparison, compare } from './compare.ts';
import { type Books, play } from './play.ts';
import { brokenRelations } from './relations.ts';
import { scenarioOf } from './scenario.ts';

export interface Verdict extends Comparison {
  seed: number;
  reports: number;
  /** Relations that do not hold, one sentence each. */
  broken: readonly string[];
  books: Books;
}

/** Plays the scenario of a seed, counts each report anew and tries the relations between them. */
export async function judge(seed: number, options: { pdf?: boolean } = {}): Promise<Verdict> {
  const books = await play(scenarioOf(seed), options);
  const reports = books.reports.length + books.looks.reduce((total, { first }) => total + first.length, 0);
  return { seed, reports, ...compare(books), broken: brokenRelations(books), books };
}

/** The first difference in words, and how many there are. */
export function sayVerdict({ seed, differences, broken }: Verdict): string {
  const [first] = differences;
  const lines = [`seed ${seed}: ${differences.length} figures differ, ${broken.length} relations are broken`];
  if (first) {
    const { where, report, counted, how } = first;
    lines.push(
      `  ${where}`,
      `    the report: ${JSON.stringify(report)} (${how.report})`,
      `    counted:    ${JSON.stringify(counted)} (${how.counted})`,
    );
  }
  if (broken[0] !== undefined) lines.push(`  ${broken[0]}`);
  return lines.join('\n');
}
