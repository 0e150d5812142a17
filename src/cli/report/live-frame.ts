import type { TenantId } from '../../domain/alert.ts';
import { clean } from '../../domain/text/clean.ts';
import { clip, pad, widthOf } from '../../domain/text/width.ts';
import type { ProgressEvent } from '../../observe/progress.ts';
import { sayNumber } from '../render/alert-words.ts';
import type { PassKind } from '../render/totals.ts';
import type { Paper, Tone } from '../text/paper.ts';

interface TenantState {
  phase: 'queued' | 'reading' | 'read' | 'delayed' | 'failed';
  why: string;
  read: number;
  fresh: number;
  raised: number;
  held: number;
}

/** Up to so many tenants each have a line of their own. */
const MOST_LINES = 8;
const MOST_TROUBLED = 4;
const WIDEST_NAME = 20;

/** What the live display shows: a line per tenant while they are few, else their sum and the troubled ones. */
export class LiveFrame {
  readonly #tenants: Map<TenantId, TenantState>;
  readonly #nameWidth: number;
  readonly #raised: string;

  constructor(tenants: readonly TenantId[], kind: PassKind) {
    this.#raised = kind === 'run' ? 'raised' : 'to raise';
    this.#tenants = new Map(
      tenants.map((tenant) => [tenant, { phase: 'queued', why: '', read: 0, fresh: 0, raised: 0, held: 0 }]),
    );
    this.#nameWidth = Math.min(WIDEST_NAME, Math.max(0, ...tenants.map((tenant) => widthOf(tenant))));
  }

  note(event: ProgressEvent): void {
    const name = event.event === 'settled' ? event.line.tenant : 'tenant' in event ? event.tenant : undefined;
    const state = name === undefined ? undefined : this.#tenants.get(name);
    if (!state) return;
    if (event.event === 'poll-started') state.phase = 'reading';
    if (event.event === 'poll-ended') state.phase = 'read';
    if (event.event === 'page-admitted') {
      state.read += event.read;
      state.fresh += event.fresh;
    }
    if (event.event === 'poll-failed') {
      state.phase = event.waiting ? 'delayed' : 'failed';
      state.why = clean(event.why);
    }
    if (event.event === 'settled') count(state, event.line.outcome);
  }

  /** The frame as lines that fit the paper. */
  lines(paper: Paper): string[] {
    if (this.#tenants.size <= MOST_LINES)
      return [...this.#tenants].map(([tenant, state]) => this.#tenantLine(tenant, state, paper));
    const troubled = [...this.#tenants].filter(([, { phase }]) => phase === 'failed' || phase === 'delayed');
    const shown = troubled.slice(0, MOST_TROUBLED).map(([tenant, state]) => this.#tenantLine(tenant, state, paper));
    const more = troubled.length - shown.length;
    return [
      clip(this.#sumLine(troubled.length), paper.columns),
      ...shown,
      ...(more > 0 ? [paper.style('dim', `and ${sayNumber(more)} more in trouble`)] : []),
    ];
  }

  #tenantLine(tenant: TenantId, state: TenantState, { columns, style }: Paper): string {
    const name = pad(tenant, this.#nameWidth);
    const [text, tone] = sayState(state, this.#raised);
    return `${style('bold', name)}  ${tone ? style(tone, clip(text, columns - this.#nameWidth - 2)) : clip(text, columns - this.#nameWidth - 2)}`;
  }

  #sumLine(troubled: number): string {
    const states = [...this.#tenants.values()];
    const sum = (name: 'read' | 'fresh' | 'raised' | 'held') => states.reduce((total, state) => total + state[name], 0);
    const done = states.filter(({ phase }) => phase !== 'queued' && phase !== 'reading').length;
    return [
      `${sayNumber(done)} of ${sayNumber(states.length)} tenants read`,
      `${sayNumber(sum('fresh'))} new`,
      `${sayNumber(sum('raised'))} ${this.#raised}`,
      ...(sum('held') > 0 ? [`${sayNumber(sum('held'))} held`] : []),
      ...(troubled > 0 ? [`${sayNumber(troubled)} in trouble`] : []),
    ].join(' · ');
  }
}

function count(state: TenantState, outcome: string): void {
  if (outcome === 'raised' || outcome === 'adopted' || outcome === 'would-raise') state.raised += 1;
  if (outcome === 'held' || outcome === 'would-hold') state.held += 1;
}

function sayState(state: TenantState, raisedWord: string): [text: string, tone?: Tone] {
  const { phase, why, read, fresh, raised, held } = state;
  const counts = [
    `${sayNumber(read)} read`,
    `${sayNumber(fresh)} new`,
    `${sayNumber(raised)} ${raisedWord}`,
    ...(held > 0 ? [`${sayNumber(held)} held`] : []),
  ].join(' · ');
  if (phase === 'queued') return ['waits for its turn', 'dim'];
  if (phase === 'reading') return [read === 0 ? 'reading…' : `reading… ${counts}`];
  if (phase === 'read') return [counts];
  return [`${phase}: ${why}`, phase === 'failed' ? 'bad' : 'odd'];
}
