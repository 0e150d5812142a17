import {
  AssignTag,
  CaptureTag,
  EchoTag,
  ForTag,
  Output,
  type Template,
  type Token,
  TypeGuards,
  type Value,
  type ValueToken,
} from 'liquidjs';
import { nearest } from '../../domain/nearest.ts';
import {
  ANY,
  afterFilter,
  BOOLEAN,
  FILTERS,
  FORLOOP,
  listOf,
  NUMBER,
  SCOPE,
  type Shape,
  TEXT,
} from './template-shape.ts';

/** One thing that is wrong with a template. Rows and columns count from 1 within its text. */
export interface TemplateProblem {
  row: number;
  column: number;
  says: string;
  mend?: string;
}

type FilteredValue = Extract<ValueToken, { initial: unknown }>;
type Filter = FilteredValue['filters'][number];
type PropertyAccess = Extract<ValueToken, { props: unknown }>;

const LIST_MEND = "use first, last, a for loop, or | map: 'member'";

/** Walks a parsed template and lists every name and filter that does not exist, each where it stands. */
export function checkNames(templates: readonly Template[]): TemplateProblem[] {
  const walk = new Walk();
  walk.templates(templates);
  return walk.problems;
}

class Walk {
  readonly problems: TemplateProblem[] = [];
  /** Names set by the template so far, over the documented ones. */
  readonly #names = new Map<string, Shape>(Object.entries(SCOPE));

  templates(templates: readonly Template[]): void {
    for (const template of templates) this.#template(template);
  }

  #template(template: Template): void {
    const shapes = [...(template.arguments?.() ?? [])].map((argument) => this.#argument(argument));
    const [first = ANY] = shapes;
    if (template instanceof Output || template instanceof EchoTag) this.#printable(template, first);
    if (template instanceof ForTag) this.#loop(template, first);
    else this.templates(childrenOf(template));
    for (const { content } of identifiersOf(template))
      this.#names.set(content, template instanceof AssignTag ? first : template instanceof CaptureTag ? TEXT : ANY);
  }

  #loop(tag: ForTag, collection: Shape): void {
    const outside = [tag.variable, 'forloop'].map((name) => [name, this.#names.get(name)] as const);
    this.#names.set(tag.variable, collection.is === 'list' ? collection.of : collection);
    this.#names.set('forloop', FORLOOP);
    this.templates(tag.templates);
    for (const [name, shape] of outside) shape ? this.#names.set(name, shape) : this.#names.delete(name);
    this.templates(tag.elseTemplates);
  }

  #argument(argument: Value | ValueToken): Shape {
    return 'initial' in argument ? this.#filtered(argument as FilteredValue) : this.#value(argument);
  }

  #filtered(value: FilteredValue): Shape {
    let operands = 0;
    let shape: Shape = ANY;
    for (const token of value.initial.postfix) {
      if (TypeGuards.isOperatorToken(token)) {
        if (token.operator !== 'not') operands -= 1;
        shape = BOOLEAN;
        continue;
      }
      const own = this.#value(token as ValueToken);
      operands += 1;
      if (operands === 1) shape = own;
      else if (value.initial.postfix.at(-1) === token)
        this.#say(token, `${token.getText()} stands alone`, 'put | before a filter, or an operator between two values');
    }
    for (const filter of value.filters) shape = this.#filter(filterToken(filter), shape);
    return shape;
  }

  #filter(filter: Filter, input: Shape): Shape {
    const shapes = filter.args.map((arg) =>
      Array.isArray(arg) ? (arg[1] ? this.#value(arg[1]) : ANY) : this.#value(arg),
    );
    const rule = FILTERS.get(filter.name);
    if (!rule) {
      const near = nearest(filter.name, FILTERS.keys());
      this.#say(filter, `filter ${filter.name} is unknown`, near && `did you mean ${near}?`);
      return ANY;
    }
    this.#secondValue(filter);
    if (filter.name === 'join' && isObjects(input)) this.#unprintable(filter, input);
    const [named] = filter.args;
    if (!rule.member || named === undefined) return afterFilter(rule, input, ANY);
    if (Array.isArray(named) || !TypeGuards.isQuotedToken(named)) {
      if (shapes[0]?.is !== 'any') this.#say(filter, `${filter.name} takes a member's name in quotes`);
      return afterFilter(rule, input, ANY);
    }
    const element = input.is === 'list' ? input.of : input;
    const member = this.#members(element, named.content.split('.'), { token: named, prefix: '' });
    return afterFilter(rule, input, member);
  }

  /**
   * Second values that would fail for some alerts only: `default` reads it as an option and stumbles over a bare value
   * once the first is needed; `date` reads it as a time zone, which must exist once there is a date.
   */
  #secondValue({ name, args }: Filter): void {
    const [, second] = args;
    if (second === undefined || Array.isArray(second)) return;
    if (name === 'default') this.#say(second, 'default takes one value');
    if (name === 'date' && TypeGuards.isQuotedToken(second) && !isTimeZone(second.content))
      this.#say(second, `${second.content} is not a time zone`, 'write one such as Europe/Berlin');
  }

  #value(token: ValueToken): Shape {
    if (TypeGuards.isQuotedToken(token)) return TEXT;
    if (TypeGuards.isNumberToken(token)) return NUMBER;
    if (TypeGuards.isFilteredValueToken(token)) return this.#filtered(token);
    if (TypeGuards.isPropertyAccessToken(token)) return this.#path(token);
    if (!TypeGuards.isRangeToken(token)) return ANY;
    this.#value(token.lhs);
    this.#value(token.rhs);
    return listOf(NUMBER);
  }

  #path(token: PropertyAccess): Shape {
    const [root, ...steps] = token.variable ? [undefined, ...token.props] : token.props;
    const names = steps.map((step) => this.#step(step as ValueToken));
    if (token.variable) return this.#members(this.#value(token.variable), names, { token, prefix: '' });
    const name = root ? rootNameOf(root) : '';
    const shape = this.#names.get(name);
    if (shape) return this.#members(shape, names, { token, prefix: name });
    const near = nearest(name, this.#names.keys());
    this.#say(
      token,
      `${name} is unknown`,
      near ? `did you mean ${near}?` : `known: ${[...this.#names.keys()].join(', ')}`,
    );
    return ANY;
  }

  /** The name or number of one step of a path; `undefined` for a computed one. */
  #step(step: ValueToken | Token): string | number | undefined {
    if (TypeGuards.isWordToken(step) || TypeGuards.isQuotedToken(step) || TypeGuards.isNumberToken(step))
      return step.content;
    this.#value(step as ValueToken);
    return undefined;
  }

  #members(from: Shape, steps: readonly (string | number | undefined)[], at: { token: Token; prefix: string }): Shape {
    let shape = from;
    let path = at.prefix;
    for (const step of steps) {
      const whole = typeof step === 'number' ? `${path}[${step}]` : path === '' ? `${step}` : `${path}.${step}`;
      const next = memberOf(shape, step);
      if (!next) {
        this.#unknown(shape, { path, step, whole }, at.token);
        return ANY;
      }
      [shape, path] = [next, whole];
    }
    return shape;
  }

  #unknown(shape: Shape, { path, step, whole }: { path: string; step: unknown; whole: string }, token: Token): void {
    const owner = path || 'this';
    const known = shape.is === 'object' ? Object.keys(shape.members) : [];
    const near = nearest(String(step), known);
    if (step === undefined) this.#say(token, `a computed member of ${owner} cannot be checked`, 'name the member');
    else if (near) this.#say(token, `${whole} is unknown`, `did you mean ${path === '' ? near : `${path}.${near}`}?`);
    else if (shape.is === 'object') this.#say(token, `${whole} is unknown`, `known: ${known.join(', ')}`);
    else if (shape.is === 'list') this.#say(token, `${whole} is unknown: ${owner} is a list`, LIST_MEND);
    else this.#say(token, `${whole} is unknown: ${owner} is ${shape.is === 'text' ? 'text' : `a ${shape.is}`}`);
  }

  #printable(template: Template, shape: Shape): void {
    if (isObjects(shape)) this.#unprintable(template.token, shape);
  }

  #unprintable(token: Token, shape: Shape): void {
    const element = shape.is === 'list' ? shape.of : shape;
    const known = element.is === 'object' ? Object.keys(element.members) : [];
    const mend = shape.is === 'list' ? `choose a member with | map: '${known[0]}' | join: ', '` : 'name a member';
    this.#say(
      token,
      `this is ${shape.is === 'list' ? 'a list of objects' : 'an object'}, not text`,
      `${mend}; known: ${known.join(', ')}`,
    );
  }

  #say(token: Token, says: string, mend?: string): void {
    const [row = 1, column = 1] = token.getPosition();
    this.problems.push({ row, column, says, ...(mend === undefined ? {} : { mend }) });
  }
}

function memberOf(shape: Shape, step: string | number | undefined): Shape | undefined {
  if (shape.is === 'any') return ANY;
  if (shape.is === 'object')
    return typeof step === 'string' && Object.hasOwn(shape.members, step) ? shape.members[step] : undefined;
  if (step === 'size') return shape.is === 'list' || shape.is === 'text' ? NUMBER : undefined;
  if (shape.is !== 'list') return undefined;
  return step === 'first' || step === 'last' || typeof step !== 'string' ? shape.of : undefined;
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function isObjects(shape: Shape): boolean {
  return shape.is === 'object' || (shape.is === 'list' && shape.of.is === 'object');
}

function rootNameOf(token: Token): string {
  return 'content' in token ? String(token.content) : token.getText();
}

/** A `Value` keeps its filters compiled, each with its token inside; a bare token is one already. */
function filterToken(filter: Filter | { token: Filter }): Filter {
  return 'token' in filter ? filter.token : filter;
}

function childrenOf(template: Template): readonly Template[] {
  const walk = template.children?.(false, true);
  if (!walk) return [];
  let step = walk.next();
  while (!step.done) step = walk.next();
  return step.value;
}

function identifiersOf(template: Template) {
  return template.localScope?.() ?? [];
}
