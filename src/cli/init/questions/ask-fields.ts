import { nearest } from '../../../domain/nearest.ts';
import type { CreateScreen, SurveyedField } from '../../../tracker/site-survey.ts';
import { UsageError } from '../../usage-error.ts';
import type { FieldAnswer } from '../answers.ts';
import { inTwo } from '../init-flags.ts';
import { nameFor } from '../proposals/name-for.ts';
import { type Proposal, proposeMapping } from '../proposals/propose-mapping.ts';
import { constantTemplate } from '../yaml-text.ts';
import type { Interview } from './interview-parts.ts';

export interface FieldsAnswer {
  fields: readonly FieldAnswer[];
  /** Those of the usual fields that nothing is mapped to. */
  unmapped: readonly string[];
}

/** Proposes what fills which field of the create screen, and sees that the required ones are filled. */
export async function askFields(parts: Interview, screen: CreateScreen, place: string): Promise<FieldsAnswer> {
  const given = fieldsGiven(parts.flags.field ?? [], screen);
  const named = new Set(given.map(({ field }) => field.id));
  const free = screen.fields.filter(({ id }) => !named.has(id));
  const mapping = parts.flags.mapping === false ? [] : await askMapping(parts, free);
  const mapped = mapping.flatMap(({ usual, field }) => (field ? [{ field, template: usual.template }] : []));
  const filled = new Set([...named, ...mapped.map(({ field }) => field.id)]);
  const required = await askRequired(
    parts,
    screen.fields.filter(({ id, required }) => required && !filled.has(id)),
    place,
  );
  return {
    fields: [...mapped, ...given, ...required].map(({ field, template }) => ({
      key: field.key,
      template,
      about: aboutOf(field),
    })),
    unmapped: mapping.flatMap(({ usual, field }) => (field ? [] : [usual.name])),
  };
}

interface Filled {
  field: SurveyedField;
  template: string;
}

function aboutOf({ id, key, name, kind, required }: SurveyedField): string {
  return [key === id ? name : id, kind, ...(required ? ['required'] : [])].join(', ');
}

/** @throws UsageError for a name that no field of the screen has. */
function fieldsGiven(given: readonly string[], { fields }: CreateScreen): Filled[] {
  return given.map((one) => {
    const [name = '', template = ''] = inTwo(one) ?? [];
    if (name === '') throw new UsageError(`--field ${one}: write NAME=TEMPLATE`, 'Such as --field "Team=Red"');
    const field =
      fields.find(({ id }) => id === name) ?? fields.find(({ key }) => key.toLowerCase() === name.toLowerCase());
    if (field) return { field, template };
    const twins = fields.filter((one) => one.name.toLowerCase() === name.toLowerCase()).map(({ id }) => id);
    if (twins.length > 0)
      throw new UsageError(`--field ${name}: several fields have this name`, `Use an id: ${twins.join(', ')}`);
    const names = fields.map((one) => one.name);
    const meant = nearest(name, names);
    throw new UsageError(
      `--field ${name}: the create screen has no such field`,
      meant === undefined ? `There is: ${names.join(', ')}` : `Did you mean "${meant}"?`,
    );
  });
}

async function askMapping({ asker }: Interview, fields: readonly SurveyedField[]): Promise<readonly Proposal[]> {
  const proposals = proposeMapping(fields);
  const found = proposals.filter(({ field }) => field);
  const told = proposals.map(
    ({ usual, field }) => `${usual.name} → ${field ? sayField(field) : 'no field of this name'}`,
  );
  asker.say('plain', ['Fields of the issue, by their names:', ...told.map((line) => `- ${line}`)].join('\n'));
  if (!asker.canAnswer) return proposals;
  const how = await asker.choose({
    flag: '--mapping',
    question: 'Fill these fields so?',
    choices: [
      { value: 'so' as const, label: found.length > 0 ? 'Yes, so' : 'Yes, none of them' },
      { value: 'change' as const, label: 'Choose other fields' },
      ...(found.length > 0 ? [{ value: 'none' as const, label: 'Fill none of them' }] : []),
    ],
  });
  if (how === 'so') return proposals;
  if (how === 'none') return proposals.map(({ usual }) => ({ usual }));
  return chooseFields(asker, proposals, fields);
}

async function chooseFields(
  asker: Interview['asker'],
  proposals: readonly Proposal[],
  fields: readonly SurveyedField[],
): Promise<readonly Proposal[]> {
  const chosen: Proposal[] = [];
  for (const { usual, field } of proposals) {
    const taken = new Set(chosen.map((one) => one.field?.id));
    const fitting = fields.filter(({ id, kind }) => usual.kinds.includes(kind) && !taken.has(id));
    const choice = await asker.choose<SurveyedField | undefined>({
      flag: '--field',
      question: `Which field takes: ${usual.name}?`,
      choices: [
        ...fitting.map((one) => ({ value: one, label: one.name, hint: `${one.id}, ${one.kind}` })),
        { value: undefined, label: 'None' },
      ],
      initial: field,
    });
    chosen.push(choice ? { usual, field: choice } : { usual });
  }
  return chosen;
}

function sayField({ name, id }: SurveyedField): string {
  return name === id ? id : `${name} (${id})`;
}

/** What Jira requires and nothing fills yet. @throws UsageError that names them all where nobody can be asked. */
async function askRequired(
  { asker }: Interview,
  required: readonly SurveyedField[],
  place: string,
): Promise<readonly Filled[]> {
  if (required.length > 0 && !asker.canAnswer)
    throw new UsageError(
      required
        .map((field) => `--field "${field.key}=VALUE" is missing: ${place} requires it${sayOptions(field)}`)
        .join('\n'),
      'Nothing was written.',
    );
  const filled: Filled[] = [];
  for (const field of required) {
    if (field.kind === 'unsupported') {
      asker.say('bad', `${place} requires ${sayField(field)}, whose type cannot be filled: make it optional in Jira`);
      continue;
    }
    const question = `${place} requires "${field.name}". What is it to be, for every issue?`;
    const { options = [] } = field;
    const template =
      options.length > 0
        ? await asker.choose({
            flag: '--field',
            question,
            choices: options.map((option) => ({ value: nameFor(option, options), label: option.name })),
          })
        : await asker.text({ flag: '--field', question, placeholder: `a text or a template (${field.kind})` });
    filled.push({ field, template: options.length > 0 ? constantTemplate(template) : template });
  }
  return filled;
}

function sayOptions({ options = [] }: SurveyedField): string {
  if (options.length === 0) return '';
  const more = options.length > 12 ? ' …' : '';
  return `; one of: ${options
    .slice(0, 12)
    .map(({ name }) => name)
    .join(', ')}${more}`;
}
