import * as v from 'valibot';
import { isKnownCategory, nearestCategory } from '../../rules/categories/classify.ts';
import { GROUP_BY } from '../../rules/rule.ts';
import { choice, duration, expression, label, nameOrId, template, text, wholeNumber } from './leaf.ts';

/** The part of the configuration file that decides more than severity does. */

const group = v.strictObject({
  by: v.pipe(
    v.array(choice(GROUP_BY, 'What the alerts of one issue have in common.')),
    v.description('What the alerts of one issue have in common.'),
  ),
  within: duration('How long after the first alert others are attached to its issue.', '90d'),
  whenDone: v.optional(
    choice(['raise', 'reopen'], 'What becomes of a later alert when the issue was closed meanwhile.'),
    'raise',
  ),
});

const then = v.strictObject({
  priority: v.optional(nameOrId('Priority, by name or id.')),
  raisePriorityBy: v.optional(wholeNumber('Steps up the ladder of priorities; down when negative.', -4, 4)),
  labels: v.optional(v.pipe(v.array(label('A label.')), v.description('Labels besides those of the ticket.'))),
  category: v.optional(
    v.pipe(
      v.string('%s is not text; put it in quotes'),
      v.rawCheck(({ dataset, addIssue }) => {
        if (!dataset.typed || isKnownCategory(dataset.value)) return;
        const near = nearestCategory(dataset.value);
        const mend = near ? `did you mean ${near}?` : 'write CLASS/TYPE, such as intrusion-attempts/login-attempts';
        addIssue({ message: `%s is not a category; ${mend}` });
      }),
      v.description('Incident category, CLASS/TYPE of the Reference Security Incident Taxonomy.'),
    ),
  ),
  project: v.optional(nameOrId('Project key or id.')),
  issueType: v.optional(nameOrId('Issue type, by name or id.')),
  assignee: v.optional(text('Who gets the issue: address, name or id in Jira.')),
  components: v.optional(
    v.pipe(v.array(nameOrId('A component, by name or id.')), v.description('Components of the project.')),
  ),
  fields: v.optional(
    v.pipe(
      v.record(text('A Jira field, by name or id.'), template('A Liquid template over `alert` and `tenant`.')),
      v.description("Fields over those of the ticket's own."),
    ),
  ),
  suppress: v.optional(text('No ticket; the reason is kept.')),
  group: v.optional(v.pipe(group, v.description('Alerts that are alike share one issue.'))),
});

const rule = v.strictObject({
  name: text("The rule's name, as issues and `explain` show it."),
  when: expression('A CEL expression over `alert`, `tenant` and `now` that is true or false.'),
  // biome-ignore lint/suspicious/noThenProperty: the key that the file has; nobody awaits a schema.
  then: v.pipe(then, v.description('What it says of alerts that match.')),
});

export const rules = v.pipe(
  v.array(rule),
  v.description('In order; every rule that matches speaks, and a later one wins key by key.'),
);

export type RuleSettings = v.InferOutput<typeof rule>;
