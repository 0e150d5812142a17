import { toJsonSchema } from '@valibot/to-json-schema';
import { REFERENCE_PATTERN } from '../secrets/secret.ts';
import type { Marks } from './leaf.ts';
import { configSchema } from './schema.ts';

/** The JSON Schema (draft-07) of the configuration file, as editors use it; references pass wherever text may stand. */
export function jsonSchema(): object {
  const { $schema, ...rest } = toJsonSchema(configSchema, {
    target: 'draft-07',
    typeMode: 'input',
    errorMode: 'ignore',
    // In the file as it is written, a secret is a reference.
    overrideAction: ({ valibotAction, jsonSchema: made }) =>
      isSecret(valibotAction) ? { ...made, pattern: REFERENCE_PATTERN.source } : undefined,
  });
  return { $schema, title: 'Casewire configuration', ...rest };
}

function isSecret(action: { type: string }): boolean {
  return action.type === 'metadata' && 'metadata' in action && (action.metadata as Marks).secret === true;
}
