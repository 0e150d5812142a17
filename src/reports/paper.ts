import type { EpochMs } from '../domain/time.ts';
import type { ChartSpec } from './chart-spec.ts';

/**
 * A report in neutral blocks: what it says, in which order. Renderers (text, HTML, PDF, CSV) draw it and decide nothing;
 * JSON is made of the model beneath it.
 */
export interface Paper {
  /** `Monthly report` */
  title: string;
  /** `contoso`, or `all tenants`. */
  scope: string;
  kind: 'daily' | 'weekly' | 'monthly';
  /** `October 2026`, `Week 47 of 2026`, `Tuesday, 24 November 2026`. */
  period: string;
  /** Half-open span in the report's zone, in words: `1 Oct 2026 00:00 to 1 Nov 2026 00:00, Europe/Berlin`. */
  span: string;
  from: EpochMs;
  to: EpochMs;
  /** Everything that was recorded by then, and nothing else, is in it. */
  asOf: EpochMs;
  zone: string;
  /** Absent: the report is provisional. */
  revision?: number;
  /** The program's version. */
  version: string;
  /** Users are told under other names. */
  pseudonymised: boolean;
  blocks: readonly Block[];
}

/** A piece of running text. */
export type Run = string | { strong: string } | { link: string; url: string } | { code: string };

/** Where a number comes from, so that anybody can count again. */
export interface Trace {
  /** What to type into Jira's search. */
  jql?: string;
  /** What of the ledger's facts was counted, in words. */
  ledger?: string;
}

export type Tone = 'plain' | 'good' | 'attention' | 'bad';

export interface Cell {
  /** As people read it. */
  text: string;
  /** As machines read it (CSV); the text where absent. */
  value?: string | number;
  url?: string;
  tone?: Tone;
}

export interface Column {
  /** Heading for people; its words in lower case with underscores are the column's name in CSV. */
  title: string;
  align: 'left' | 'right';
  /** Its cells may lead somewhere: in CSV a column with the links follows. */
  linked?: true;
  /** Share of the width, 1 where absent. */
  weight?: number;
}

export interface TableBlock {
  block: 'table';
  /** Unique in its paper; the CSV file's name: `top-users`. */
  name: string;
  caption: string;
  columns: readonly Column[];
  rows: readonly (readonly Cell[])[];
  /** Said instead of a table without rows. */
  empty: string;
  /** What is counted, in one sentence. */
  population?: string;
  trace?: Trace;
}

export interface ScoreFigure {
  label: string;
  text: string;
  value?: number | string;
  /** Compared with what, and how: `12 more than in September (n = 240)`. */
  note?: string;
  tone?: Tone;
}

export type Block =
  | { block: 'heading'; level: 1 | 2 | 3; text: string; id: string }
  | { block: 'text'; runs: readonly Run[] }
  | { block: 'list'; items: readonly (readonly Run[])[] }
  /** What must not be overlooked, such as what could not be looked at. */
  | { block: 'notice'; tone: Exclude<Tone, 'plain'>; title: string; runs: readonly Run[] }
  | { block: 'figures'; name: string; figures: readonly ScoreFigure[]; population?: string; trace?: Trace }
  | { block: 'chart'; chart: ChartSpec; caption: string; population?: string; trace?: Trace }
  | TableBlock
  /** Steps of an incident, oldest first. */
  | { block: 'timeline'; name: string; steps: readonly { at: string; text: readonly Run[] }[] }
  /** The annex begins here. */
  | { block: 'annex' };
