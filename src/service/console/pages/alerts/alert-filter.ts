import { SEVERITIES, type Severity, type TenantId } from '../../../../domain/alert.ts';
import type { CategoryPath } from '../../../../domain/category.ts';
import { DAY_MS, type EpochMs } from '../../../../domain/time.ts';
import { type AlertStanding, type CatalogueFilter, STANDINGS } from '../../../../ledger/catalogue/catalogue-port.ts';
import { RSIT } from '../../../../rules/categories/rsit.ts';

/** The words of the form, by their names in links. */
export const WORDS = ['text', 'tenant', 'state', 'severity', 'category', 'user', 'address', 'since', 'until'] as const;

export type Word = (typeof WORDS)[number];

/** What was asked for: the words as they were typed, what they mean, and which of them mean nothing. */
export interface AlertFilter {
  typed: Readonly<Partial<Record<Word, string>>>;
  filter: CatalogueFilter;
  mistakes: readonly string[];
}

const MOST_CHARACTERS = 300;

/** Reads the filter of a link or form. Empty words count as not said. */
export function readFilter(query: URLSearchParams): AlertFilter {
  const typed: Partial<Record<Word, string>> = {};
  for (const word of WORDS) {
    const text = query.get(word)?.trim().slice(0, MOST_CHARACTERS);
    if (text) typed[word] = text;
  }
  const mistakes: string[] = [];
  const oneOf = <T extends string>(word: Word, all: readonly T[], name: string): T | undefined => {
    const text = typed[word];
    if (text === undefined) return undefined;
    const found = all.find((one) => one === text.toLowerCase());
    if (!found)
      mistakes.push(`“${text}” is no ${name}; there are ${all.slice(0, 8).join(', ')}${all.length > 8 ? ' …' : ''}.`);
    return found;
  };
  const at = (word: 'since' | 'until'): EpochMs | undefined => {
    const text = typed[word];
    if (text === undefined) return undefined;
    const instant = parseDay(text, word);
    if (instant === undefined)
      mistakes.push(`“${text}” is no day; write it as 2026-11-24, or an instant as 2026-11-24T07:00Z.`);
    return instant;
  };
  const { text, tenant, user, address } = typed;
  const filter: { -readonly [K in keyof CatalogueFilter]?: CatalogueFilter[K] | undefined } = {
    text,
    tenant: tenant as TenantId | undefined,
    standing: oneOf<AlertStanding>('state', STANDINGS, 'state'),
    severity: oneOf<Severity>('severity', SEVERITIES, 'severity'),
    category: oneOf<CategoryPath>('category', CATEGORIES, 'category'),
    user,
    address: address?.toLowerCase(),
    since: at('since'),
    until: at('until'),
  };
  return { typed, filter: withoutAbsent(filter), mistakes };
}

/** Paths of all categories. */
export const CATEGORIES: readonly CategoryPath[] = RSIT.map(({ path }) => path);

function withoutAbsent(filter: object): CatalogueFilter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

/** A day of UTC, whose end `until` means; or an instant with its zone. */
function parseDay(text: string, word: 'since' | 'until'): EpochMs | undefined {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text);
  if (!day && !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/.test(text)) return undefined;
  const at = Date.parse(day ? `${text}T00:00Z` : text);
  if (Number.isNaN(at)) return undefined;
  return day && word === 'until' ? at + DAY_MS : at;
}
