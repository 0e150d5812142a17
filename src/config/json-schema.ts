import { toJsonSchema } from '@valibot/to-json-schema';
import { configSchema } from './schema.ts';

/** The JSON Schema (draft-07) of the configuration file, as editors use it; references pass wherever text may stand. */
export function jsonSchema(): object {
  const { $schema, ...rest } = toJsonSchema(configSchema, {
    target: 'draft-07',
    typeMode: 'input',
    errorMode: 'ignore',
  });
  return { $schema, title: 'Casewire configuration', ...rest };
}
