import { SEVERITIES } from '../../domain/alert.ts';
import type { RouteNeeds, RouteProblem } from '../tracker.ts';
import { type FieldDialect, type FieldMeta, findOption, kindOf, nameOf, toFieldValue } from './create/issue-fields.ts';
import { missingOptions } from './create/missing-options.ts';
import type { NoRoute, RouteMetadata, RouteMetadataCache } from './create/route-metadata.ts';
import type { JiraClient } from './jira-client.ts';

/** Filled by every create of ours, or by Jira itself. */
const FILLED = new Set(['summary', 'description', 'project', 'issuetype', 'labels', 'reporter']);

/** Fields that a mapped name finds on the create screen: by id, else by exact name, else without regard to case. */
export function fieldsNamed(fields: readonly FieldMeta[], name: string): readonly FieldMeta[] {
  const byId = fields.filter(({ id }) => id === name);
  if (byId.length > 0) return byId;
  const exact = fields.filter((field) => field.name === name);
  return exact.length > 0 ? exact : fields.filter((field) => field.name.toLowerCase() === name.toLowerCase());
}

/**
 * What stands in the way of a route's tickets. Problems found in kept metadata are looked at once more in fresh
 * metadata, so that a mend in Jira counts at once.
 * @throws EdgeFailure when the site cannot be asked.
 */
export async function examineRoute(
  client: JiraClient,
  cache: RouteMetadataCache,
  { needs, dialect }: { needs: RouteNeeds; dialect: FieldDialect },
): Promise<readonly RouteProblem[]> {
  const { route, kept } = await cache.load(needs.route);
  const problems = await problemsOf(client, route, { needs, dialect });
  if (!kept || !problems.some(({ level }) => level === 'error')) return problems;
  const fresh = await cache.refresh(needs.route);
  return problemsOf(client, fresh.route, { needs, dialect });
}

async function problemsOf(
  client: JiraClient,
  route: RouteMetadata | NoRoute,
  { needs, dialect }: { needs: RouteNeeds; dialect: FieldDialect },
): Promise<RouteProblem[]> {
  if ('says' in route) return [{ level: 'error', ...route }];
  const { fields } = route;
  const absent = needs.fields.filter(({ name }) => fieldsNamed(fields, name).length === 0);
  const elsewhere = absent.length > 0 ? await allFields(client) : [];
  return [
    ...absent.map(({ name }) => missingField(name, { fields, elsewhere, needs })),
    ...needs.fields.flatMap((need) => fieldProblems(fields, { need, needs, dialect })),
    ...twiceMapped(fields, needs),
    ...requiredProblems(fields, needs),
    ...priorityProblems(fields, needs),
    ...wishedPriorityWarnings(fields, needs),
    ...componentProblems(fields, needs),
    ...screenWarnings(fields, needs),
  ];
}

/** Every field of the site, on a screen or not. */
async function allFields(client: JiraClient): Promise<readonly FieldMeta[]> {
  const all = await client.read<FieldMeta[]>('/field');
  return Array.isArray(all) ? all : [];
}

function error(says: string, mend: string): RouteProblem {
  return { level: 'error', says, mend };
}

function fieldProblems(
  fields: readonly FieldMeta[],
  { need, needs, dialect }: { need: RouteNeeds['fields'][number]; needs: RouteNeeds; dialect: FieldDialect },
): RouteProblem[] {
  const found = fieldsNamed(fields, need.name);
  const [field, ...others] = found;
  if (!field) return [];
  if (others.length > 0) {
    const ids = found.map(({ id }) => id).join(' or ');
    return [
      error(
        `more than one field on the create screen of ${place(needs)} is named "${need.name}"`,
        `use its id: ${ids}`,
      ),
    ];
  }
  const kind = kindOf(field);
  if (kind === 'unsupported') {
    const type = field.schema.custom ?? field.schema.type;
    return [
      error(
        `field "${need.name}" (${field.id}) has the type ${type}, which cannot be filled`,
        'map another field, or take this one out of the mapping',
      ),
    ];
  }
  if (need.texts) return missingOptions(field, { texts: need.texts, dialect });
  if (need.constant === undefined || kind === 'user' || kind === 'users') return [];
  const typed = toFieldValue(field, need.constant, dialect);
  return 'problem' in typed
    ? [error(`field "${need.name}": ${typed.problem}`, 'correct the value in the configuration')]
    : [];
}

function missingField(
  name: string,
  { fields, elsewhere, needs }: { fields: readonly FieldMeta[]; elsewhere: readonly FieldMeta[]; needs: RouteNeeds },
): RouteProblem {
  const ids = fieldsNamed(elsewhere, name).map(({ id }) => id);
  if (ids.length > 0)
    return error(
      `field "${name}" (${ids.join(', ')}) is not on the create screen of ${place(needs)}`,
      'add it to the create screen in Jira, or take it out of the mapping',
    );
  const first = name.toLowerCase().slice(0, 4);
  const near = fields.filter((field) => field.name.toLowerCase().startsWith(first)).map((field) => `"${field.name}"`);
  return error(
    `Jira has no field "${name}"`,
    near.length > 0 ? `did you mean ${near.join(' or ')}?` : 'check its name or use its id',
  );
}

/** Of two names for one field only one text would reach Jira. */
function twiceMapped(fields: readonly FieldMeta[], needs: RouteNeeds): RouteProblem[] {
  const named = needs.fields.flatMap(({ name }) => {
    const [field, ...others] = fieldsNamed(fields, name);
    return field && others.length === 0 ? [{ name, id: field.id }] : [];
  });
  return [...Map.groupBy(named, ({ id }) => id)]
    .filter(([, names]) => names.length > 1)
    .map(([id, names]) =>
      error(
        `${names.map(({ name }) => `"${name}"`).join(' and ')} are one field (${id}) of ${place(needs)}`,
        'map it once',
      ),
    );
}

function screenWarnings(fields: readonly FieldMeta[], needs: RouteNeeds): RouteProblem[] {
  const warnings: RouteProblem[] = [];
  const warn = (says: string, mend: string) => warnings.push({ level: 'warning', says, mend });
  if (!fields.some(({ id }) => id === 'description'))
    warn(
      `Description is not on the create screen of ${place(needs)}; issues will say nothing but their summary and mapped fields`,
      'add Description to the create screen',
    );
  if (needs.assignee !== undefined && !fields.some(({ id }) => id === 'assignee'))
    warn(
      `Assignee is not on the create screen of ${place(needs)}; issues are not assigned to ${needs.assignee}`,
      'add Assignee to the create screen',
    );
  if (!fields.some(({ id }) => id === 'labels')) {
    const lost = needs.labels.length > 0 ? `the labels ${needs.labels.join(', ')} are not set, ` : '';
    warn(
      `Labels are not on the create screen of ${place(needs)}; ${lost}an issue is then known by its property alone, and after a lost answer it is looked for among the newest issues only`,
      'add Labels to the create screen',
    );
  }
  return warnings;
}

function requiredProblems(fields: readonly FieldMeta[], needs: RouteNeeds): RouteProblem[] {
  const mapped = new Set(needs.fields.flatMap(({ name }) => fieldsNamed(fields, name).map(({ id }) => id)));
  const wished = new Set([
    ...(needs.priorities.length > 0 ? ['priority'] : []),
    ...(needs.components?.length ? ['components'] : []),
    ...(needs.assignee === undefined ? [] : ['assignee']),
  ]);
  const filled = (id: string) => FILLED.has(id) || mapped.has(id) || wished.has(id);
  return fields
    .filter(({ id, required, hasDefaultValue }) => required && !hasDefaultValue && !filled(id))
    .map(({ id, name }) => ({
      level: 'error',
      says: `field "${name}" (${id}) is required in ${place(needs)} and nothing fills it`,
      mend: `map it: add "${name}" to ticket.fields, or make it optional in Jira`,
    }));
}

function priorityProblems(fields: readonly FieldMeta[], needs: RouteNeeds): RouteProblem[] {
  if (needs.priorities.length === 0) return [];
  const field = fields.find(({ id }) => id === 'priority');
  if (!field)
    return [
      {
        level: 'error',
        says: `Priority is not on the create screen of ${place(needs)}`,
        mend: 'add it to the create screen, or leave ticket.priority out',
      },
    ];
  const options = field.allowedValues;
  if (!options) return [];
  return needs.priorities
    .filter((priority) => !findOption(options, priority))
    .map((priority) => ({
      level: 'error',
      says: `priority "${priority}" does not exist in ${place(needs)}`,
      mend: `use one of: ${options.map(nameOf).join(', ')}`,
    }));
}

/** What the project lacks of priorities that nobody configured: no ticket is held for them. */
function wishedPriorityWarnings(fields: readonly FieldMeta[], needs: RouteNeeds): RouteProblem[] {
  const { wishedPriorities = [] } = needs;
  if (wishedPriorities.length === 0) return [];
  const field = fields.find(({ id }) => id === 'priority');
  if (!field)
    return [
      {
        level: 'warning',
        says: `Priority is not on the create screen of ${place(needs)}; issues get the project's default priority`,
        mend: 'add Priority to the create screen',
      },
    ];
  const options = field.allowedValues;
  if (!options) return [];
  return wishedPriorities
    .filter((priority) => !findOption(options, priority))
    .map((priority) => ({
      level: 'warning',
      says: `priority "${priority}" does not exist in ${place(needs)}; issues that would get it get the project's default priority`,
      mend: `write the key ticket.priority, with a priority for each of ${SEVERITIES.join(', ')}: ${options.map(nameOf).join(', ')}`,
    }));
}

function componentProblems(fields: readonly FieldMeta[], needs: RouteNeeds): RouteProblem[] {
  const { components = [] } = needs;
  if (components.length === 0) return [];
  const options = fields.find(({ id }) => id === 'components');
  if (!options)
    return [error(`Components are not on the create screen of ${place(needs)}`, 'add them to the create screen')];
  const known = options.allowedValues ?? [];
  return components
    .filter((component) => !findOption(known, component))
    .map((component) =>
      error(
        `component "${component}" does not exist in ${place(needs)}`,
        known.length > 0 ? `use one of: ${known.map(nameOf).join(', ')}` : 'create it in the project',
      ),
    );
}

function place({ route }: RouteNeeds): string {
  return `${route.project} / ${route.issueType}`;
}
