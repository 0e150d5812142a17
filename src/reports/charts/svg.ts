import { clean } from '../../domain/text/clean.ts';

/** Values that go into a tag; numbers are rounded to a tenth so that every machine writes the same text. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** One element, its attributes escaped; children are markup already. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? say(value) : escapeXml(value ?? '')}"`)
    .join('');
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join('')}</${name}>`;
}

/** A coordinate to a tenth, never in exponents; what is no number is nought. */
export function say(value: number): string {
  const rounded = Number.isFinite(value) ? Math.round(value * 10) / 10 : 0;
  return String(Object.is(rounded, -0) ? 0 : rounded);
}

/** Foreign text as the content of an element or attribute, without what XML forbids (XML 1.0 §2.2). */
export function escapeXml(text: string): string {
  return clean(text)
    .replace(/[\ufffe\uffff]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** An upright rectangle as a piece of a path: many of one colour are one element. */
export function box(x: number, y: number, width: number, height: number): string {
  return `M${say(x)} ${say(y)}h${say(width)}v${say(height)}h${say(-width)}z`;
}
