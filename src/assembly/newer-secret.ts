import type { Config } from '../config/config.ts';
import type { Edges } from './edges.ts';

/** Reads a secret again by its former value, where it came from a vault; what is found is never shown from then on. */
export function newerSecret({ vault }: Config, edges: Edges): (former: string) => Promise<string | undefined> {
  return async (former) => {
    const found = await vault?.newer(former);
    if (found !== undefined) edges.redactor.add(found);
    return found;
  };
}
