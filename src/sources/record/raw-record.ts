/** A piece of JSON text among values that are still to be written. */
class Written {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** The record as JSON text, however deep it is nested: what the engine's own stack does not hold is written by hand. */
export function toRaw(record: unknown): string {
  try {
    return JSON.stringify(record) ?? String(record);
  } catch (error) {
    if (error instanceof RangeError) return writeDeep(record);
    throw error;
  }
}

function writeDeep(record: unknown): string {
  const parts: string[] = [];
  const left: unknown[] = [record];
  while (left.length > 0) {
    const next = left.pop();
    if (next instanceof Written) parts.push(next.text);
    else if (typeof next !== 'object' || next === null) parts.push(JSON.stringify(next));
    else open(next, left);
  }
  return parts.join('');
}

function open(value: object, left: unknown[]): void {
  const list = Array.isArray(value);
  const members: unknown[] = [new Written(list ? '[' : '{')];
  for (const [key, member] of Object.entries(value)) {
    const before = `${members.length > 1 ? ',' : ''}${list ? '' : `${JSON.stringify(key)}:`}`;
    members.push(new Written(before), member);
  }
  members.push(new Written(list ? ']' : '}'));
  for (const member of members.reverse()) left.push(member);
}
