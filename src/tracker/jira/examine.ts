import type { RouteNeeds, RouteProblem } from '../tracker.ts';
import { type FieldDialect, type FieldMeta, findOption, kindOf, nameOf, toFieldValue } from './issue-fields.ts';
import type { JiraClient } from './jira-client.ts';
import type { NoRoute, RouteMetadata, RouteMetadataCache } from './route-metadata.ts';

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
  const problems: RouteProblem[] = [];
  for (const need of needs.fields) problems.push(...(await fieldProblems(client, fields, { need, needs, dialect })));
  problems.push(...requiredProblems(fields, needs), ...priorityProblems(fields, needs));
  if (!fields.some(({ id }) => id === 'labels'))
    problems.push({
      level: 'warning',
      says: `Labels are not on the create screen of ${place(needs)}; an issue is then known by its property alone, and after a lost answer it is looked for among the newest issues only`,
      mend: 'add Labels to the create screen',
    });
  return problems;
}

async function fieldProblems(
  client: JiraClient,
  fields: readonly FieldMeta[],
  { need, needs, dialect }: { need: RouteNeeds['fields'][number]; needs: RouteNeeds; dialect: FieldDialect },
): Promise<RouteProblem[]> {
  const found = fieldsNamed(fields, need.name);
  const [field, ...others] = found;
  if (!field) return [await missingField(client, fields, { name: need.name, needs })];
  if (others.length > 0)
    return [
      {
        level: 'error',
        says: `more than one field on the create screen of ${place(needs)} is named "${need.name}"`,
        mend: `use its id: ${found.map(({ id }) => id).join(' or ')}`,
      },
    ];
  if (kindOf(field) === 'unsupported')
    return [
      {
        level: 'error',
        says: `field "${need.name}" (${field.id}) has the type ${field.schema.custom ?? field.schema.type}, which cannot be filled`,
        mend: 'map another field, or take this one out of the mapping',
      },
    ];
  if (need.constant === undefined || ['user', 'users'].includes(kindOf(field))) return [];
  const typed = toFieldValue(field, need.constant, dialect);
  return 'problem' in typed
    ? [
        {
          level: 'error',
          says: `field "${need.name}": ${typed.problem}`,
          mend: 'correct the value in the configuration',
        },
      ]
    : [];
}

async function missingField(
  client: JiraClient,
  fields: readonly FieldMeta[],
  { name, needs }: { name: string; needs: RouteNeeds },
): Promise<RouteProblem> {
  const all = (await client.read<FieldMeta[]>('/field')) ?? [];
  const elsewhere = Array.isArray(all) ? fieldsNamed(all, name) : [];
  if (elsewhere.length > 0)
    return {
      level: 'error',
      says: `field "${name}" (${elsewhere.map(({ id }) => id).join(', ')}) is not on the create screen of ${place(needs)}`,
      mend: 'add it to the create screen in Jira, or take it out of the mapping',
    };
  const first = name.toLowerCase().slice(0, 4);
  const near = fields.filter((field) => field.name.toLowerCase().startsWith(first)).map((field) => field.name);
  return {
    level: 'error',
    says: `Jira has no field "${name}"`,
    mend:
      near.length > 0
        ? `did you mean ${near.map((other) => `"${other}"`).join(' or ')}?`
        : 'check its name or use its id',
  };
}

function requiredProblems(fields: readonly FieldMeta[], needs: RouteNeeds): RouteProblem[] {
  const mapped = new Set(needs.fields.flatMap(({ name }) => fieldsNamed(fields, name).map(({ id }) => id)));
  const filled = (id: string) => FILLED.has(id) || mapped.has(id) || (id === 'priority' && needs.priorities.length > 0);
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

function place({ route }: RouteNeeds): string {
  return `${route.project} / ${route.issueType}`;
}
