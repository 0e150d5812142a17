import { jsonSchema } from '../../config/shape/json-schema.ts';
import type { Cli } from '../cli.ts';

export async function schema(this: Cli): Promise<void> {
  this.stdout.write(`${JSON.stringify(jsonSchema(), null, 2)}\n`);
}
