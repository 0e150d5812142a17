import { isObject, unknownKeys } from '../wire.ts';
import { checkValue, type ValueContext } from './check-value.ts';
import { Refusal } from './refusal.ts';
import type { JiraSite, Named, SimIssueType, SimProject } from './site.ts';

/** A create that Jira takes. */
export interface CheckedCreate {
  project: SimProject;
  labels: readonly string[];
  properties: Map<string, unknown>;
}

/** Where a create arrives. */
export type CreateContext = Omit<ValueContext, 'project'>;

const MAX_PROPERTY = 32_768;
const MAX_KEY = 255;

/**
 * Checks the body of a create as strictly as a real Jira, and more so where the real one is silent about what it drops.
 * @throws Refusal with Jira's own words per field.
 */
export function checkCreate(body: Record<string, unknown>, context: CreateContext): CheckedCreate {
  const { site } = context;
  const strange = unknownKeys(body, ['fields', 'update', 'historyMetadata', 'properties', 'transition']);
  if (strange.length > 0) throw new Refusal(400, `Unrecognized field "${strange[0]}"`);
  const { fields } = body;
  if (!isObject(fields)) throw new Refusal(400, 'The request body has no fields');
  const project = findProject(fields.project, site);
  const type = findNamed(fields.issuetype, project.issueTypes);
  if (!type) throw new Refusal(400, '', { issuetype: 'The issue type selected is invalid.' });
  if (!site.permissions.has('CREATE_ISSUES'))
    throw new Refusal(403, 'You do not have permission to create issues in this project.');
  const errors = { ...checkFields(fields, { ...context, project, type }), ...missing(fields, type, site) };
  if (Object.keys(errors).length > 0) throw new Refusal(400, '', errors);
  const labels = Array.isArray(fields.labels) ? (fields.labels as string[]) : [];
  return { project, labels, properties: checkProperties(body.properties) };
}

function findProject(value: unknown, site: JiraSite): SimProject {
  const wanted = isObject(value) ? value : {};
  const project = site.projects.find(({ id, key }) => ('id' in wanted ? id === wanted.id : key === wanted.key));
  if (!project || !site.permissions.has('BROWSE_PROJECTS'))
    throw new Refusal(400, '', { project: 'Specify a valid project ID or key' });
  return project;
}

function findNamed<T extends Named>(value: unknown, known: readonly T[]): T | undefined {
  if (!isObject(value)) return undefined;
  return known.find(({ id, name }) => ('id' in value ? id === value.id : name === value.name));
}

interface Place extends ValueContext {
  type: SimIssueType;
}

function checkFields(fields: Record<string, unknown>, place: Place): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const id in fields) {
    if (id === 'project' || id === 'issuetype') continue;
    const field = place.site.field(id);
    if (!field || !place.type.screen.has(id))
      errors[id] = `Field '${id}' cannot be set. It is not on the appropriate screen, or unknown.`;
    else if (fields[id] !== null) {
      const wrong = checkValue(field, fields[id], place);
      if (wrong) errors[id] = wrong;
    }
  }
  return errors;
}

function missing(fields: Record<string, unknown>, type: SimIssueType, site: JiraSite): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const id of type.required) {
    const value = fields[id];
    if (value !== undefined && value !== null && value !== '') continue;
    const words = id === 'summary' ? 'You must specify a summary of the issue.' : undefined;
    errors[id] = words ?? `${site.field(id)?.name ?? id} is required.`;
  }
  return errors;
}

/** The properties of a create or a comment. @throws Refusal when they are not a list of keys and values. */
export function checkProperties(value: unknown): Map<string, unknown> {
  const properties = new Map<string, unknown>();
  if (value === undefined) return properties;
  if (!Array.isArray(value)) throw new Refusal(400, 'properties is not a list');
  for (const property of value) {
    if (!isObject(property) || unknownKeys(property, ['key', 'value']).length > 0 || typeof property.key !== 'string')
      throw new Refusal(400, 'A property has a key and a value');
    checkProperty(property.key, property.value);
    properties.set(property.key, property.value);
  }
  return properties;
}

/** @throws Refusal when a property's key or value is longer than Jira keeps ("Issue properties", Jira Cloud REST v3). */
export function checkProperty(key: string, value: unknown): void {
  if (key === '' || key.length > MAX_KEY) throw new Refusal(400, 'The property key must be 1 to 255 characters long.');
  if (value === undefined) throw new Refusal(400, 'The property value is missing.');
  if (JSON.stringify(value).length > MAX_PROPERTY)
    throw new Refusal(400, `The property value can be at most ${MAX_PROPERTY} characters long.`);
}
