import type { HtmlEscapedString } from 'hono/utils/html';
import type { Clock, EpochMs } from '../../domain/time.ts';
import type { Progress } from '../../observe/progress.ts';
import type { AtWork } from '../front.ts';
import type { Live } from '../live.ts';
import type { Standings } from '../standings.ts';

/** What `html` of hono/html makes: text in which everything put in was escaped. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

export type Section = 'overview' | 'alerts' | 'held' | 'tenants' | 'rules' | 'reports' | 'settings';

/** Who looks at the console. */
export interface Viewer {
  /** As the page's header shows it. */
  name: string;
  /** As the log of operators' acts names the account; it never changes for one account. */
  account: string;
  may: 'look' | 'act';
}

/** What the console is made of. */
export interface ConsoleParts {
  clock: Clock;
  version: string;
  progress: Progress;
  /** Tells open pages that something changed. */
  live: Live;
  /** Where nobody signs in, a browser that has it may act; it is new at each start of the program. */
  operatorToken: string;
  /** How all tenants stand; no page asks for it by itself. */
  standings: Standings;
  /** It changes when the configuration is read again. */
  atWork(): AtWork;
}

/** One request, after it was found to come from somebody who may look. */
export interface Ask {
  parts: ConsoleParts;
  viewer: Viewer;
  now: EpochMs;
  /** Path as it was asked for. */
  path: string;
  /** What the named pieces of the page's path are. */
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  /** Ends when whoever asked has gone. */
  signal: AbortSignal;
  /** Whether the session of whoever asked has ended meanwhile, for answers that go on. */
  isOver(): Promise<boolean>;
  /** The hidden field without which no form is taken; it stands in every form that is posted. */
  csrf: Html;
}

/** What a page shows; the shell puts header, navigation and footer around it. */
export interface Shown {
  title: string;
  body: Html;
  status?: 200 | 404;
}

/** How an act ended, in words for the person who did it; shown on the page at `to`, a path of the console. */
export interface Done {
  to: string;
  says: string;
  mood?: 'good' | 'bad';
}

/** What the log of operators' acts says of an act before it is done. */
export interface ActWords {
  /** Such as "retry held alerts". */
  what: string;
  /** What it was done to: an alert, a cause, a tenant. */
  subject?: string;
  /** Such as the reason that was given. */
  detail?: string;
}

/** Something a person can do: a form that is posted to `path`. */
export interface Act {
  /** As Hono writes it, such as `/held/drop`. */
  path: string;
  may: 'look' | 'act';
  says(form: URLSearchParams, params: Ask['params']): ActWords;
  /** @throws CannotDo */
  run(ask: Ask, form: URLSearchParams): Promise<Done>;
}

/** A page and what can be done on it. */
export interface Page {
  /** As Hono writes it, such as `/alerts/:tenant/:alert`. */
  path: string;
  here: Section;
  /**
   * A `Response` is sent as it is, with the shell's headers: a download, or a stream of events.
   * @throws NothingHere
   */
  show(ask: Ask): Promise<Shown | Response>;
  acts?: readonly Act[];
}

/** There is no such page or thing; the message says what was looked for, for people. */
export class NothingHere extends Error {}

/** An act cannot be done; the message says why, and what to do next, for people. */
export class CannotDo extends Error {}
