import { parseDuration } from '../../domain/time.ts';
import { Refusal } from './refusal.ts';
import { type JiraSite, OWN_ACCOUNT, readFields, type SimIssue } from './site.ts';

/** A query that was understood. */
export interface Query {
  /** Absent in an unbounded query. */
  where?: (issue: SimIssue) => boolean;
  compare: (a: SimIssue, b: SimIssue) => number;
}

type Where = (issue: SimIssue) => boolean;

interface Field {
  /** The issue's values; several for labels. */
  read: (issue: SimIssue) => readonly (string | number)[];
  /** Turns a word of the query into what `read` gives. */
  toValue: (word: string) => string | number;
  ordered?: boolean;
}

const TOKEN = /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(!=|>=|<=|!~|[=<>~(),])|([^\s"'=<>~(),!]+))/y;
const KEYWORDS = ['and', 'or', 'not', 'in', 'is', 'order', 'by', 'empty', 'null', 'asc', 'desc'];

interface Token {
  kind: 'word' | 'quoted' | 'sign' | 'end';
  text: string;
}

/**
 * Reads the part of JQL that a client of ours may speak.
 * @throws Refusal 400 with Jira's words for a field, value or syntax that it does not know.
 */
export function parseJql(text: string, site: JiraSite): Query {
  return new JqlParser(tokenise(text), fieldsOf(site)).query();
}

function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new Refusal(400, `Error in the JQL Query: unexpected character at ${at}.`);
    const quoted = match[1] ?? match[2];
    if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted.replace(/\\(.)/g, '$1') });
    else if (match[3] !== undefined) tokens.push({ kind: 'sign', text: match[3] });
    else tokens.push({ kind: 'word', text: match[4] ?? '' });
  }
  return tokens;
}

function fieldsOf(site: JiraSite): Record<string, Field> {
  const fields = (issue: SimIssue) => readFields(issue) as Record<string, { id?: string; name?: string }>;
  const text = (read: (issue: SimIssue) => string | undefined): Field => ({
    read: (issue) => [read(issue)?.toLowerCase()].filter((value) => value !== undefined),
    toValue: (word) => word.toLowerCase(),
  });
  const instant = (read: (issue: SimIssue) => number): Field => ({
    read: (issue) => [read(issue)],
    toValue: (word) => toInstant(word, site.clock.now()),
    ordered: true,
  });
  const key: Field = {
    read: (issue) => [Number(issue.id)],
    toValue: (word) => {
      const issue = site.find(word);
      if (!issue || issue.hidden) throw new Refusal(400, `An issue with key '${word}' does not exist for field 'key'.`);
      return Number(issue.id);
    },
    ordered: true,
  };
  return {
    project: {
      read: (issue) => [issue.project.id],
      toValue: (word) => {
        const found = site.projects.find(({ id, key, name }) => [id, key, name].includes(word));
        if (!found) throw new Refusal(400, `The value '${word}' does not exist for the field 'project'.`);
        return found.id;
      },
    },
    labels: { read: (issue) => issue.labels, toValue: (word) => word },
    key,
    issuekey: key,
    id: key,
    issue: key,
    status: text((issue) => issue.status.name),
    statuscategory: text((issue) => CATEGORY_NAMES[issue.status.category]),
    resolution: text((issue) => issue.resolution),
    creator: {
      read: (issue) => [issue.creator.name],
      toValue: (word) => (word === 'currentUser()' ? OWN_ACCOUNT.name : word),
    },
    issuetype: text((issue) => fields(issue).issuetype?.name),
    summary: text((issue) => String(fields(issue).summary)),
    created: instant((issue) => issue.createdAt),
    updated: instant((issue) => issue.updatedAt),
  };
}

const CATEGORY_NAMES = { new: 'To Do', indeterminate: 'In Progress', done: 'Done' } as const;

function toInstant(word: string, now: number): number {
  const span = word.startsWith('-') ? parseDuration(word.slice(1)) : undefined;
  if (span !== undefined) return now - span;
  const at = Date.parse(`${word.trim().replace(' ', 'T')}${/\d:\d/.test(word) ? ':00' : 'T00:00:00'}Z`);
  if (Number.isNaN(at)) throw new Refusal(400, `Date value '${word}' is invalid.`);
  return at;
}

class JqlParser {
  readonly #tokens: readonly Token[];
  readonly #fields: Record<string, Field>;
  #at = 0;

  constructor(tokens: readonly Token[], fields: Record<string, Field>) {
    this.#tokens = tokens;
    this.#fields = fields;
  }

  query(): Query {
    const starts = this.#peek();
    const bounded = starts.kind !== 'end' && !this.#isWord('order');
    const where = bounded ? this.#or() : undefined;
    const compare = this.#orderBy();
    if (this.#peek().kind !== 'end') throw unexpected(this.#peek());
    return { ...(where ? { where } : {}), compare };
  }

  #or(): Where {
    const parts = [this.#and()];
    while (this.#accept('or')) parts.push(this.#and());
    return parts.length === 1 ? (parts[0] as Where) : (issue) => parts.some((part) => part(issue));
  }

  #and(): Where {
    const parts = [this.#not()];
    while (this.#accept('and')) parts.push(this.#not());
    return parts.length === 1 ? (parts[0] as Where) : (issue) => parts.every((part) => part(issue));
  }

  #not(): Where {
    if (this.#accept('not')) {
      const inner = this.#not();
      return (issue) => !inner(issue);
    }
    if (!this.#acceptSign('(')) return this.#clause();
    const inner = this.#or();
    this.#expectSign(')');
    return inner;
  }

  #clause(): Where {
    const field = this.#field();
    if (this.#accept('is')) {
      const negated = this.#accept('not');
      if (!this.#accept('empty') && !this.#accept('null')) throw unexpected(this.#peek());
      return (issue) => (field.read(issue).length === 0) !== negated;
    }
    const negated = this.#accept('not');
    if (negated || this.#isWord('in')) {
      if (!this.#accept('in')) throw unexpected(this.#peek());
      return membership(field, this.#list(), negated);
    }
    const sign = this.#next();
    if (sign.kind !== 'sign') throw unexpected(sign);
    return comparison(field, sign, this.#value());
  }

  #field(): Field {
    const token = this.#next();
    if (token.kind !== 'word' && token.kind !== 'quoted') throw unexpected(token);
    const field = this.#fields[token.text.toLowerCase()];
    if (field) return field;
    throw new Refusal(400, `Field '${token.text}' does not exist or you do not have permission to view it.`);
  }

  #list(): string[] {
    this.#expectSign('(');
    const values = [this.#value()];
    while (this.#acceptSign(',')) values.push(this.#value());
    this.#expectSign(')');
    return values;
  }

  #value(): string {
    const token = this.#next();
    if (token.kind === 'quoted') return token.text;
    if (token.kind !== 'word' || KEYWORDS.includes(token.text.toLowerCase())) throw unexpected(token);
    if (token.text !== 'currentUser' || !this.#acceptSign('(')) return token.text;
    this.#expectSign(')');
    return 'currentUser()';
  }

  #orderBy(): (a: SimIssue, b: SimIssue) => number {
    if (!this.#accept('order')) return (a, b) => Number(b.id) - Number(a.id);
    if (!this.#accept('by')) throw unexpected(this.#peek());
    const orders: { field: Field; sign: number }[] = [];
    do {
      const field = this.#field();
      const descends = this.#accept('desc') || (!this.#accept('asc') && !field.ordered);
      orders.push({ field, sign: descends ? -1 : 1 });
    } while (this.#acceptSign(','));
    if (orders.length > 7) throw new Refusal(400, 'The JQL query has more than 7 fields to order by.');
    return (a, b) => {
      for (const { field, sign } of orders) {
        const [x = '', y = ''] = [field.read(a)[0], field.read(b)[0]];
        if (x !== y) return x < y ? -sign : sign;
      }
      return 0;
    };
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: 'the end' };
  }

  #next(): Token {
    const token = this.#peek();
    this.#at++;
    return token;
  }

  #isWord(word: string): boolean {
    const token = this.#peek();
    return token.kind === 'word' && token.text.toLowerCase() === word;
  }

  #accept(word: string): boolean {
    if (!this.#isWord(word)) return false;
    this.#at++;
    return true;
  }

  #acceptSign(sign: string): boolean {
    const token = this.#peek();
    if (token.kind !== 'sign' || token.text !== sign) return false;
    this.#at++;
    return true;
  }

  #expectSign(sign: string): void {
    if (!this.#acceptSign(sign)) throw unexpected(this.#peek());
  }
}

function unexpected(token: Token): Refusal {
  return new Refusal(400, `Error in the JQL Query: '${token.text}' was not expected here.`);
}

/** As in Jira, an issue without the field passes neither `in` nor `not in`. */
function membership(field: Field, words: readonly string[], negated: boolean): Where {
  const wanted = new Set(words.map(field.toValue));
  return (issue) => {
    const values = field.read(issue);
    if (values.length === 0) return false;
    for (const value of values) if (wanted.has(value)) return !negated;
    return negated;
  };
}

function comparison(field: Field, sign: Token, word: string): Where {
  if (sign.text === '=' || sign.text === '!=') {
    if (/^(empty|null)$/i.test(word)) return (issue) => (field.read(issue).length === 0) === (sign.text === '=');
    return membership(field, [word], sign.text === '!=');
  }
  if (sign.text === '~') {
    const part = word.toLowerCase();
    return (issue) => field.read(issue).some((value) => String(value).includes(part));
  }
  const bound = field.toValue(word);
  const tests: Record<string, (value: string | number) => boolean> = {
    '>': (value) => value > bound,
    '>=': (value) => value >= bound,
    '<': (value) => value < bound,
    '<=': (value) => value <= bound,
  };
  const test = tests[sign.text];
  if (!test || !field.ordered) throw unexpected(sign);
  return (issue) => field.read(issue).some(test);
}
