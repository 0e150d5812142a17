import { type Zippable, zipSync } from 'fflate';
import type { Paper } from '../paper.ts';
import { csvText } from './csv/cell.ts';
import { sheetsOf } from './csv/sheets.ts';

/** The first day that a zip file can name, in local time as fflate reads it: the same bytes at any time and place. */
const NO_TIME = new Date(1980, 0, 1);

const encoder = new TextEncoder();

/** Names of the tables that a paper has, in its order. */
export function tableNames(paper: Paper): readonly string[] {
  return sheetsOf(paper).map(({ name }) => name);
}

/** Draws one table of a paper as CSV (RFC 4180, UTF-8); `undefined` where it has none of that name. */
export function renderCsv(paper: Paper, table: string): Uint8Array | undefined {
  const sheet = sheetsOf(paper).find(({ name }) => name === table);
  return sheet && encoder.encode(csvText(sheet.rows));
}

/** Draws all tables of a paper as CSV, each a file of a zip archive. */
export function renderCsvZip(paper: Paper): Uint8Array {
  const files: Zippable = {};
  for (const { name, rows } of sheetsOf(paper)) files[`${name}.csv`] = encoder.encode(csvText(rows));
  return zipSync(files, { mtime: NO_TIME, level: 6 });
}
