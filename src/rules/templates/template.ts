import { type FilterImplOptions, Liquid, LiquidError, type Template } from 'liquidjs';
import { checkNames, type TemplateProblem } from './template-check.ts';
import { FILTERS, SAMPLE, TAGS } from './template-shape.ts';

export type { TemplateProblem } from './template-check.ts';

/** What is not known is `''`, an unknown number `null`; both render as nothing, and no member is ever absent. */
export interface TemplateUser {
  name: string;
  address: string;
  displayName: string;
  objectId: string;
}

export interface TemplateIp {
  address: string;
  checked: boolean;
  /** `not checked: why`, or `''`. */
  note: string;
  score: number | null;
  reports: number | null;
  reporters: number | null;
  country: string;
  usageType: string;
  isp: string;
  domain: string;
  isTor: boolean;
}

export interface TemplateEntity {
  type: string;
  id: string;
  label: string;
}

/** What kind of incident the alert is suspected to be. */
export interface TemplateCategory {
  /** `intrusion-attempts/login-attempts`: for text, labels, select lists and cascading ones. */
  category: string;
  /** `Intrusion Attempts > Login Attempts`: RSIT's own names, for the same. */
  categoryName: string;
  /** RSIT's machine tag: `intrusion-attempts:brute-force`. */
  rsitTag: string;
  /** Of MITRE ATT&CK. */
  tactics: readonly { id: string; name: string }[];
  techniques: readonly { id: string; name: string }[];
  /** Of NIST SP 800-61: `Detection and Analysis` or `Preparation`. */
  phase: string;
}

export interface TemplateAlert extends TemplateCategory {
  id: string;
  title: string;
  /** The ticket's own summary: one line, never empty. */
  summary: string;
  description: string;
  severity: string;
  type: string;
  url: string;
  /** ISO 8601, UTC. */
  createdAt: string;
  /** The source's record as JSON text. */
  raw: string;
  users: readonly TemplateUser[];
  ips: readonly TemplateIp[];
  networks: readonly string[];
  entities: readonly TemplateEntity[];
  /** One block of text per address. */
  ipReport: string;
}

/** What the template of a field may name. Its twin for the check at load is `SCOPE`. */
export interface TemplateScope {
  tenant: string;
  alert: TemplateAlert;
}

export interface CompiledTemplate {
  /** The same scope always gives the same text. Never throws: a template that overruns its limits says so in its text. */
  render(scope: TemplateScope): string;
}

/** Bounds of one template: characters of source, and per rendering milliseconds and characters or elements made. */
const LIMITS = { parseLimit: 100_000, renderLimit: 2_000, memoryLimit: 20_000_000 };

const URL_FILTERS: ReadonlySet<string> = new Set(['cgi_escape', 'uri_escape', 'url_decode', 'url_encode']);

const engine = newEngine();
const compiled = new Map<string, CompiledTemplate>();

/**
 * Compiles a template once per text. Names that a rendering cannot find render as nothing, since `checkTemplate` has
 * already refused every name that is not documented, and `alert.ips[0]` of an alert without addresses is no mistake.
 * @throws LiquidError for a text that `checkTemplate` would refuse.
 */
export function compileTemplate(text: string): CompiledTemplate {
  const known = compiled.get(text);
  if (known) return known;
  const templates = engine.parse(text);
  const template: CompiledTemplate = { render: (scope) => render(templates, scope) };
  compiled.set(text, template);
  return template;
}

/** Lists what is wrong with a template: its syntax, or else every unknown filter and every name outside the documented scope. */
export function checkTemplate(text: string): TemplateProblem[] {
  let templates: Template[];
  try {
    templates = engine.parse(text);
  } catch (error) {
    return [toProblem(error)];
  }
  const problems = checkNames(templates);
  if (problems.length > 0) return problems;
  try {
    engine.renderSync(templates, SAMPLE);
  } catch (error) {
    return [toProblem(error)];
  }
  return [];
}

function render(templates: Template[], scope: TemplateScope): string {
  try {
    return String(engine.renderSync(templates, scope));
  } catch (error) {
    return `(not rendered: ${reasonOf(error)})`;
  }
}

function newEngine(): Liquid {
  const liquid = new Liquid({
    // Unknown filters are refused by `checkNames`, all of them at once, where the parser would stop at the first.
    strictFilters: false,
    ownPropertyOnly: true,
    templates: {},
    timezoneOffset: 0,
    locale: 'en-US',
    ...LIMITS,
  });
  for (const name of Object.keys(liquid.tags)) if (!TAGS.has(name)) delete liquid.tags[name];
  for (const name of Object.keys(liquid.filters)) {
    if (!FILTERS.has(name)) liquid.unregisterFilter(name);
    else if (name.startsWith('date')) liquid.registerFilter(name, withoutPresent(liquid.filters[name]));
    else if (URL_FILTERS.has(name)) liquid.registerFilter(name, forAnyText(liquid.filters[name]));
  }
  return liquid;
}

/** Liquid's date filters read the words `now` and `today` as the present; here they are words like any other. */
function withoutPresent(filter: FilterImplOptions | undefined): FilterImplOptions {
  return function (this, value, ...rest) {
    if (value === 'now' || value === 'today' || typeof filter !== 'function') return value;
    return filter.call(this, value, ...rest);
  };
}

/**
 * JavaScript's URI functions throw on unpaired surrogates and on `%` without two digits (ECMA-262 §19.2.6), which an
 * alert may hold: the former are replaced, and what cannot be decoded stays as it is.
 */
function forAnyText(filter: FilterImplOptions | undefined): FilterImplOptions {
  return function (this, value, ...rest) {
    const text = typeof value === 'string' ? value.toWellFormed() : value;
    try {
      return typeof filter === 'function' ? filter.call(this, text, ...rest) : text;
    } catch (error) {
      if (error instanceof URIError) return text;
      throw error;
    }
  };
}

function toProblem(error: unknown): TemplateProblem {
  const [row = 1, column = 1] = LiquidError.is(error) ? error.token.getPosition() : [];
  return { row, column, says: reasonOf(error) };
}

/** Liquid's own words without the position that it adds to them. */
function reasonOf(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return words.replace(/, line:\d+, col:\d+$/, '');
}
