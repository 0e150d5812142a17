import { nearest } from '../../../domain/nearest.ts';
import type { SurveyedField } from '../../../tracker/site-survey.ts';
import { FILLERS, SYNONYMS, USUAL_FIELDS, type UsualField } from './usual-fields.ts';

export interface Proposal {
  usual: UsualField;
  /** Absent: the create screen has no such field. */
  field?: SurveyedField;
}

/** Words that a mistyped one may mean; shorter ones are too near to each other. */
const LONG_WORDS = [
  ...new Set([...USUAL_FIELDS.flatMap(({ must, may }) => [...must, ...may]), ...Object.keys(SYNONYMS)]),
].filter((word) => word.length >= 6);

/**
 * Finds for each of the usual fields the field of the create screen whose name says the same, in other words, another
 * order or a little misspelt. A field is proposed once, and only where its kind takes the text.
 */
export function proposeMapping(fields: readonly SurveyedField[]): readonly Proposal[] {
  const pairs = USUAL_FIELDS.flatMap((usual) =>
    fields.flatMap((field) => {
      const score = scoreOf(usual, field);
      return score > 0 ? [{ usual, field, score }] : [];
    }),
  ).toSorted((a, b) => b.score - a.score);
  const taken = new Map<string, SurveyedField>();
  const used = new Set<string>();
  for (const { usual, field } of pairs) {
    if (taken.has(usual.name) || used.has(field.id)) continue;
    taken.set(usual.name, field);
    used.add(field.id);
  }
  return USUAL_FIELDS.map((usual) => {
    const field = taken.get(usual.name);
    return field ? { usual, field } : { usual };
  });
}

/** 0: not this one. The very name is worth most, then fewer other words, then the better kind. */
function scoreOf(usual: UsualField, { name, kind }: SurveyedField): number {
  const kindRank = usual.kinds.indexOf(kind);
  if (kindRank < 0) return 0;
  const words = wordsOf(name);
  const known = new Set([...usual.must, ...usual.may]);
  const fits = usual.must.every((word) => words.has(word)) && [...words].every((word) => known.has(word));
  if (!fits || (usual.beside && !usual.beside.some((word) => words.has(word)))) return 0;
  const exact = name.trim().toLowerCase() === usual.name.toLowerCase() ? 100 : 0;
  // A word that may stand there makes the meaning surer: `Alert URL` before `Link`.
  const surer = usual.may.filter((word) => words.has(word)).length;
  return exact + 50 + 10 * surer - kindRank;
}

/** The meanings of a name's words: `affectedUsers` and `User (affected)` have the same. */
export function wordsOf(name: string): ReadonlySet<string> {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase();
  const words = plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  return new Set(words.map(meaningOf).filter((word) => !FILLERS.has(word)));
}

function meaningOf(word: string): string {
  const single = word.length > 2 ? word.replace(/(?<=address)es$|(?<!s)s$/, '') : word;
  if (Object.hasOwn(SYNONYMS, single)) return SYNONYMS[single] ?? single;
  const meant = single.length >= 5 && !FILLERS.has(single) ? nearest(single, LONG_WORDS) : undefined;
  return meant === undefined ? single : (SYNONYMS[meant] ?? meant);
}
