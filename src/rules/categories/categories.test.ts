import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anAlert } from '../../../test/builders.ts';
import type { Alert, TenantId } from '../../domain/alert.ts';
import { categoryPath, UNCATEGORISED } from '../../domain/category.ts';
import { toGraphRecord } from '../../simulators/scene/graph-record.ts';
import { mondayAlerts } from '../../simulators/scene/monday.ts';
import { toAlert } from '../../sources/cloud-apps/to-alert.ts';
import { toAlert as fromGraph } from '../../sources/graph/to-alert.ts';
import { isNamed, isTechniqueId } from './attack.ts';
import { CATEGORY_ROWS, type CategoryRow } from './categories.ts';
import { classify, isKnownCategory, rowOf } from './classify.ts';
import { RSIT } from './rsit.ts';

const samples = resolve(import.meta.dirname, '../../../..', 'shared/samples');
const absent = existsSync(samples) ? '' : ` (skipped: ${samples} is not there)`;

describe('the table of categories', () => {
  it('names only categories of RSIT, and only tactics and techniques whose names are known', () => {
    expect(CATEGORY_ROWS.filter(({ category }) => !isKnownCategory(category))).toEqual([]);
    const ids = CATEGORY_ROWS.flatMap(({ attack }) => attack.split(' ').filter((id) => id !== ''));
    expect(ids.filter((id) => !isNamed(id) || !(isTechniqueId(id) || /^TA\d{4}$/.test(id)))).toEqual([]);
  });

  it('names every row once, each with a tactic where it has a technique', () => {
    const names = CATEGORY_ROWS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(CATEGORY_ROWS.filter(({ attack }) => /T\d/.test(attack) && !/TA\d/.test(attack))).toEqual([]);
  });

  it.each(CATEGORY_ROWS.map((row) => [row.name, row] as const))(
    'reaches the row "%s" by all that it names',
    (_, row) => {
      const found = waysTo(row).map((alert) => rowOf(alert)?.name);
      expect(found.length).toBeGreaterThan(0);
      expect(new Set(found)).toEqual(new Set([row.name]));
    },
  );

  it('writes titles as they are compared: in small letters', () => {
    const titles = CATEGORY_ROWS.flatMap(({ titles: all = [] }) => all);
    expect(titles.filter((title) => title !== title.toLowerCase() || /\((by user|preview)\)|\s\s/.test(title))).toEqual(
      [],
    );
  });
});

/** One alert for each id, title and mark of a row. */
function waysTo({ ids = [], titles = [], marks = [] }: CategoryRow): Alert[] {
  const made = (title: string, record: object) => anAlert({ title, type: title, raw: JSON.stringify(record) });
  return [
    ...ids.map((id) => made('x', id === 'SYSTEM_ALERT' ? { isSystemAlert: true } : { detectorId: id })),
    ...titles.map((title) => made(title.replaceAll('*', ' y '), {})),
    ...marks.map((mark) => made('x', recordWith(mark))),
  ];
}

function recordWith(mark: string): object {
  const [kind, word = ''] = mark.split(':');
  if (kind === 'story') return { stories: [Number(word)] };
  if (kind === 'policy') return { policy: { policyType: word } };
  return kind === 'category' ? { category: word } : { idValue: word };
}

describe('an alert of both services', () => {
  const records = Object.values(mondayAlerts(Date.parse('2026-11-23T07:00:00Z'))).flat();

  it.each(records.map((record) => [record.title, record] as const))('is the same incident in each: %s', (_, record) => {
    const tenant = 'contoso' as TenantId;
    const [rest, graph] = [toAlert(record, tenant, 0), fromGraph(toGraphRecord(record), tenant, 0)].map((alert) => {
      if (!('tenant' in alert)) throw new Error('the record cannot be read');
      return classify(alert);
    });
    expect(graph).toEqual(rest);
    expect(rest && categoryPath(rest)).not.toBe(UNCATEGORISED);
  });
});

describe.skipIf(absent)(`the taxonomy${absent}`, () => {
  it('is RSIT as its machine file has it, whole and in order', () => {
    const file = JSON.parse(readFileSync(join(samples, 'rsit/rsit.machinev1.v1003.json'), 'utf8')) as {
      predicates: { value: string; expanded: string }[];
      values: { predicate: string; entry: { value: string; expanded: string }[] }[];
    };
    const classes = new Map(file.predicates.map(({ value, expanded }) => [value, expanded]));
    const theirs = file.values.flatMap(({ predicate, entry }) =>
      entry.map(({ value, expanded }) => ({
        tag: `${predicate}:${value}`,
        className: classes.get(predicate),
        typeName: expanded,
      })),
    );
    expect(RSIT.map(({ tag, className, typeName }) => ({ tag, className, typeName }))).toEqual(theirs);
  });
});

describe.skipIf(absent)(`the published alerts${absent}`, () => {
  it('are all categorised', () => {
    const records = readdirSync(join(samples, 'ms'))
      .filter((name) => /alert/i.test(name))
      .flatMap((name) => recordsIn(JSON.parse(readFileSync(join(samples, 'ms', name), 'utf8'))));
    expect(records.length).toBeGreaterThan(15);
    const foreign = records.filter(({ serviceSource = '' }) => serviceSource === 'microsoftDefenderForEndpoint');
    const missed = records
      .filter((record) => !foreign.includes(record))
      .map(toOurs)
      .filter((alert) => categoryPath(classify(alert)) === UNCATEGORISED);
    expect(missed.length).toBe(0);
  });
});

type Record = { title: string; serviceSource?: string };

/** Objects that look like alerts of either service, however deep. */
function recordsIn(value: unknown): Record[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(recordsIn);
  const own = value as { title?: unknown; severityValue?: unknown; severity?: unknown };
  const isAlert = typeof own.title === 'string' && (own.severityValue ?? own.severity) !== undefined;
  return isAlert ? [value as Record, ...inner] : inner;
}

/** A record as our sources give it. */
function toOurs(record: Record): Alert {
  const to = record.serviceSource === undefined ? toAlert : fromGraph;
  const alert = to(record, 'contoso' as TenantId, 0);
  if (!('tenant' in alert)) throw new Error('a published record cannot be read');
  return alert;
}
