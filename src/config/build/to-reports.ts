import { resolve } from 'node:path';
import { nearest } from '../../domain/nearest.ts';
import type { BusinessHours, SlaTarget } from '../../domain/sla.ts';
import type { Problems } from '../problems.ts';
import type { ReportsConfig } from '../reports-config.ts';
import type { ReportsSettings } from '../shape/reports-schema.ts';
import type { Loose } from '../shape/schema.ts';

const WEEK = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const SEVERITIES = ['high', 'medium', 'low', 'informational'] as const;

/** Makes what `reports:` says; without it days begin at midnight of UTC and nothing is delivered. */
export function toReports(settings: Loose<ReportsSettings>, folder: string, problems: Problems): ReportsConfig {
  const { businessHours, deliver } = settings;
  return {
    timezone: toTimezone(settings.timezone ?? 'UTC', problems),
    sla: toTargets(settings.sla ?? {}, problems),
    ...(businessHours && { businessHours: toBusinessHours(businessHours, problems) }),
    ...(deliver && { deliver: toDelivery(deliver, folder, problems) }),
  };
}

function toTimezone(written: string, problems: Problems): string {
  const known = Intl.supportedValuesOf('timeZone');
  const name = written.trim();
  if (isTimezone(name)) return known.find((zone) => zone.toLowerCase() === name.toLowerCase()) ?? name;
  const meant = nearest(name, known) ?? byCity(name, known);
  problems.add({
    key: 'reports.timezone',
    says: `${JSON.stringify(name.slice(0, 60))} is not a time zone`,
    mend: meant === undefined ? 'write its IANA name, such as Europe/Berlin or UTC' : `did you mean ${meant}?`,
  });
  return 'UTC';
}

/** Offsets such as `+02:00`, which Intl takes too, know no summer time. */
function isTimezone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function byCity(name: string, known: readonly string[]): string | undefined {
  const cityOf = (zone: string) => zone.slice(zone.lastIndexOf('/') + 1);
  const city = nearest(cityOf(name).replaceAll(' ', '_'), known.map(cityOf));
  return city && known.find((zone) => cityOf(zone) === city);
}

function toTargets(sla: NonNullable<Loose<ReportsSettings>['sla']>, problems: Problems): ReportsConfig['sla'] {
  const targets: Partial<Record<(typeof SEVERITIES)[number], SlaTarget>> = {};
  for (const severity of SEVERITIES) {
    const { acknowledge, resolve: within } = sla[severity] ?? {};
    if (acknowledge === undefined && within === undefined) continue;
    if (acknowledge !== undefined && within !== undefined && within < acknowledge)
      problems.add({
        key: `reports.sla.${severity}.resolve`,
        says: 'is shorter than acknowledge',
        mend: 'an issue is acknowledged first',
      });
    targets[severity] = {
      ...(acknowledge === undefined ? {} : { acknowledgeMs: acknowledge }),
      ...(within === undefined ? {} : { resolveMs: within }),
    };
  }
  return targets;
}

function toBusinessHours(
  { days = [], from = 0, to = 0 }: NonNullable<Loose<ReportsSettings>['businessHours']>,
  problems: Problems,
): BusinessHours {
  if (days.length === 0 && !problems.has('reports.businessHours.days') && !problems.hasBelow('reports.businessHours'))
    problems.add({ key: 'reports.businessHours.days', says: 'names no day', mend: 'write [mon, tue, wed, thu, fri]' });
  if (to <= from && !problems.hasBelow('reports.businessHours'))
    problems.add({
      key: 'reports.businessHours.to',
      says: 'is not later than from',
      mend: 'hours end on the day they begin',
    });
  const numbers = days.flatMap((day) => (day === undefined ? [] : WEEK.indexOf(day) + 1));
  return { days: [...new Set(numbers)].toSorted(), fromMinute: from, toMinute: to };
}

function toDelivery(
  { when = [], formats = [], folder = '', pseudonymise = false, mail }: NonNullable<Loose<ReportsSettings>['deliver']>,
  home: string,
  problems: Problems,
): NonNullable<ReportsConfig['deliver']> {
  const atLeastOne = (key: string, list: readonly unknown[], mend: string) => {
    const path = `reports.deliver.${key}`;
    if (list.length === 0 && !problems.has(path)) problems.add({ key: path, says: 'is an empty list', mend });
  };
  atLeastOne('when', when, 'name daily, weekly or monthly, or leave out deliver');
  atLeastOne('formats', formats, 'name one of text, html, pdf, csv, json');
  if (mail?.to) atLeastOne('mail.to', mail.to, 'name who gets the reports, or leave out mail');
  if (folder.startsWith('~'))
    problems.add({ key: 'reports.deliver.folder', says: '~ is not expanded here', mend: 'write the path in full' });
  const { server = '', from = '', to = [] } = mail ?? {};
  return {
    when: unique(when),
    formats: unique(formats),
    folder: resolve(home, folder),
    pseudonymise,
    ...(mail && { mail: { server, from, to: unique(to) } }),
  };
}

function unique<T>(list: readonly (T | undefined)[]): T[] {
  return [...new Set(list.flatMap((one) => (one === undefined ? [] : [one])))];
}
