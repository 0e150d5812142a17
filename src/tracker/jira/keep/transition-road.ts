import { type FieldOption, findOption, nameOf } from '../create/issue-fields.ts';

/** What of a transition both editions show with `expand=transitions.fields`. */
export interface WireTransition {
  id?: string;
  name?: string;
  isAvailable?: boolean;
  to?: { id?: string; name?: string; statusCategory?: { key?: string } };
  fields?: Readonly<Record<string, ScreenField>>;
}

interface ScreenField {
  required?: boolean;
  hasDefaultValue?: boolean;
  defaultValue?: unknown;
  name?: string;
  schema?: { type?: string };
  allowedValues?: readonly FieldOption[];
}

/** A transition that can be taken, and what is to be filled in on its screen. */
export interface Road {
  id: string;
  to: string;
  fields: Record<string, unknown>;
}

export type RoadChoice = { road: Road } | { stuck: string };

const isDone = ({ to }: WireTransition) => to?.statusCategory?.key === 'done';
const isSame = (a: string | undefined, b: string) => a?.trim().toLowerCase() === b.trim().toLowerCase();

export function openWays(transitions: readonly WireTransition[]): WireTransition[] {
  return transitions.filter(({ id, isAvailable }) => typeof id === 'string' && isAvailable !== false);
}

/** The transitions that a wish means: those that lead to a status of that name, else those of that name or id themselves. */
export function waysTo(ways: readonly WireTransition[], wanted: string): WireTransition[] {
  const byStatus = ways.filter(({ to }) => isSame(to?.name, wanted));
  return byStatus.length > 0 ? byStatus : ways.filter(({ id, name }) => isSame(name, wanted) || id === wanted);
}

/** The way among these that leads to a done status and can be taken; `undefined` when none of them leads to one. */
export function roadToDone(ways: readonly WireTransition[], resolutions: readonly string[]): RoadChoice | undefined {
  const tried = ways.filter(isDone).map((way) => take(way, resolutions));
  const roads = tried.flatMap((one) => ('road' in one ? [one.road] : []));
  // The fewer questions a screen asks, the less is answered in a person's stead.
  const [easiest] = roads.toSorted((a, b) => Object.keys(a.fields).length - Object.keys(b.fields).length);
  return easiest ? { road: easiest } : tried[0];
}

/** The one way from a status nobody has begun to work in to one of work in progress, if there is one alone and it asks nothing. */
export function onlyStepOn(ways: readonly WireTransition[]): Road | undefined {
  const [step, ...others] = ways.filter(({ to }) => to?.statusCategory?.key === 'indeterminate');
  if (!step || others.length > 0) return undefined;
  const choice = take(step, []);
  return 'road' in choice && Object.keys(choice.road.fields).length === 0 ? choice.road : undefined;
}

/** Whether a way leads to done with one of these resolutions on its screen, or to a status of such a name. */
export function offers(way: WireTransition, resolution: string): boolean {
  const named = way.fields?.resolution?.allowedValues?.some((option) => isSame(nameOf(option), resolution));
  return isDone(way) && (named === true || isSame(way.to?.name, resolution));
}

/** The roads that there are, for people. */
export function sayWays(ways: readonly WireTransition[]): string {
  if (ways.length === 0) return 'none';
  return ways
    .map(({ name, to }) => (isSame(name, to?.name ?? '') ? `"${name}"` : `"${name}" to "${to?.name ?? '?'}"`))
    .join(', ');
}

function take(way: WireTransition, resolutions: readonly string[]): RoadChoice {
  const fields: Record<string, unknown> = {};
  const open: string[] = [];
  for (const [id, field] of Object.entries(way.fields ?? {})) {
    const value = id === 'resolution' ? resolutionOf(field, resolutions) : onlyValueOf(field);
    if (value !== undefined) fields[id] = value;
    else if (field.required && !field.hasDefaultValue) open.push(`"${field.name ?? id}" (${id})`);
  }
  const to = way.to?.name ?? '';
  if (open.length === 0) return { road: { id: String(way.id), to, fields } };
  return { stuck: `the transition "${way.name}" to "${to}" asks for ${open.join(', ')}` };
}

/** A resolution that was wished for is given wherever the screen offers it; another only where the screen demands one. */
function resolutionOf({ required, defaultValue, allowedValues = [] }: ScreenField, wished: readonly string[]): unknown {
  const offered = allowedValues.filter(({ disabled }) => !disabled);
  const found = wished.flatMap((text) => findOption(offered, text) ?? [])[0];
  if (found) return refer(found);
  if (!required) return undefined;
  const usual = (defaultValue ?? undefined) as FieldOption | undefined;
  return refer(usual ?? offered[0]);
}

/** What a required field takes when there is but one value for it; its default is Jira's own to set. */
function onlyValueOf({ required, hasDefaultValue, schema, allowedValues = [] }: ScreenField): unknown {
  if (!required || hasDefaultValue) return undefined;
  const [only, ...others] = allowedValues.filter(({ disabled }) => !disabled);
  if (!only || others.length > 0) return undefined;
  return schema?.type === 'array' ? [refer(only)] : refer(only);
}

function refer(option: FieldOption | undefined): unknown {
  if (!option) return undefined;
  return option.id === undefined ? { name: nameOf(option) } : { id: option.id };
}
