/** Words that YAML readers take for something else than text (YAML 1.2 §10.3, and 1.1's for readers that know no other). */
const NOT_TEXT = /^(?:true|false|yes|no|on|off|y|n|null|~)$/i;

const PLAIN = /^[A-Za-z][\w./:@+-]*(?: [\w./@+-]+)*$/;

/** A text as a scalar of the file: as it is where nothing could mistake it, else in double quotes. */
export function yamlText(text: string): string {
  if (PLAIN.test(text) && !NOT_TEXT.test(text) && !text.endsWith(':')) return text;
  return yamlQuoted(text);
}

/** A text in double quotes, whatever it holds (YAML 1.2 §7.3.1); line ends and invisible characters are escaped. */
export function yamlQuoted(text: string): string {
  return JSON.stringify(text.toWellFormed()).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu,
    (letter) => `\\U${(letter.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`,
  );
}

/** A place as a reference of the file; quoted where it stands within braces. */
export function yamlReference(place: string): string {
  const written = `\${${place}}`;
  return /^\$\{env:\w+\}$/.test(written) ? written : yamlQuoted(written);
}

/** Text that stands for itself in a template and in the file, whatever it holds. */
export function constantTemplate(text: string): string {
  if (!/\{\{|\{%|\$\{/.test(text)) return text;
  // In pieces, so that neither a tag of the template nor a reference of the file begins anywhere.
  return text.replace(/[{$]/g, (letter) => `{{ '${letter}' }}`);
}
