import * as v from 'valibot';
import { choice, duration, listOf, mailAddress, secret, smtpUrl, text, timeOfDay, yesOrNo } from './leaf.ts';

/** The part of the configuration file that says how reports count and where they go. */

const target = v.strictObject({
  acknowledge: v.optional(duration('Until when an issue is to be assigned or begun.', '365d')),
  resolve: v.optional(duration('Until when an issue is to reach a status of category Done.', '365d')),
});

const targetOf = (severity: string) =>
  v.optional(v.pipe(target, v.description(`Targets of alerts of severity ${severity}, from the making of the issue.`)));

const sla = v.strictObject({
  high: targetOf('high'),
  medium: targetOf('medium'),
  low: targetOf('low'),
  informational: targetOf('informational'),
});

const businessHours = v.strictObject({
  days: listOf(
    choice(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], 'A day of the week.'),
    'The days of the week on which the clock of a target runs.',
  ),
  from: timeOfDay('When it starts on these days, in the time zone of the reports.'),
  to: timeOfDay('When it stops on these days; 24:00 is the end of the day.'),
});

const mail = v.strictObject({
  server: v.pipe(
    secret('The mail server with its account: smtps://USER:PASSWORD@HOST, or smtp://… for STARTTLS.'),
    smtpUrl,
  ),
  from: mailAddress('Who the reports come from.'),
  to: listOf(mailAddress('A mail address.'), 'Who gets them.'),
});

const deliver = v.strictObject({
  when: listOf(choice(['daily', 'weekly', 'monthly'], 'A kind of report.'), 'Which reports are made.'),
  formats: v.optional(
    listOf(choice(['text', 'html', 'pdf', 'csv', 'json'], 'A format.'), 'As which files each is made.'),
    ['html', 'pdf'],
  ),
  folder: v.optional(
    text("Where they are put, as TENANT/2026-10-monthly.pdf below it; relative to this file's folder."),
    './reports',
  ),
  pseudonymise: v.optional(yesOrNo('Whether users stand in them under other names.'), false),
  mail: v.optional(v.pipe(mail, v.description('Sends them by mail as well. Leave out for no mail.'))),
});

export const reports = v.strictObject({
  timezone: v.optional(
    text('In which time zone days, weeks and months begin, by its IANA name such as Europe/Berlin.'),
    'UTC',
  ),
  sla: v.optional(v.pipe(sla, v.description('How soon issues are to be acknowledged and resolved, by severity.')), {}),
  businessHours: v.optional(
    v.pipe(businessHours, v.description('When the clock of the targets runs. Leave out for always.')),
  ),
  deliver: v.optional(
    v.pipe(deliver, v.description('`serve` makes each report when its period has ended. Leave out for none.')),
  ),
});

export type ReportsSettings = v.InferOutput<typeof reports>;
