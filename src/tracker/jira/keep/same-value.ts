/**
 * Whether what a field was to hold is what a read shows. Jira answers with more than it was given: named things whole,
 * documents tidied, lists in an order of its own.
 */
export function isSameValue(wanted: unknown, shown: unknown): boolean {
  if (typeof wanted === 'string') return typeof shown === 'string' && isSameText(wanted, shown);
  if (Array.isArray(wanted))
    return (
      Array.isArray(shown) &&
      shown.length === wanted.length &&
      wanted.every((one) => shown.some((other) => isSameValue(one, other)))
    );
  if (!isRecord(wanted)) return wanted === shown;
  if (!isRecord(shown)) return false;
  if (wanted.type === 'doc') return wordsOf(wanted) === wordsOf(shown);
  // A choice without a child is another than the same one with a child.
  if (!('child' in wanted) && isRecord(shown.child)) return false;
  return Object.entries(wanted).every(([name, value]) => isSameValue(value, shown[name]));
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T/;

function isSameText(wanted: string, shown: string): boolean {
  if (INSTANT.test(wanted) && INSTANT.test(shown)) return Date.parse(wanted) === Date.parse(shown);
  return tidy(wanted) === tidy(shown);
}

function tidy(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

const INLINE = new Set(['text', 'emoji', 'inlineCard']);

/**
 * A document's words in reading order, block by block, and the addresses it leads to. Jira joins neighbouring texts and
 * adds attributes to nodes; neither says anything.
 */
function wordsOf(document: Record<string, unknown>): string {
  let words = '';
  const addresses = new Set<string>();
  const visit = (node: unknown) => {
    if (!isRecord(node)) return;
    if (!INLINE.has(String(node.type))) words += ' ';
    if (typeof node.text === 'string') words += node.text;
    for (const mark of Array.isArray(node.marks) ? node.marks : [])
      if (isRecord(mark) && isRecord(mark.attrs) && typeof mark.attrs.href === 'string') addresses.add(mark.attrs.href);
    if (Array.isArray(node.content)) for (const child of node.content) visit(child);
  };
  visit(document);
  return `${tidy(words)}\n${[...addresses].sort().join(' ')}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
