/** What a renderer may know of the place it writes for. */
export interface Paper {
  /** Widest line; `Infinity` where nobody looks at the width (a pipe, a file). */
  columns: number;
  /** A person's terminal: links may be made clickable and rows beyond a screen may be counted instead of shown. */
  terminal: boolean;
  style: Style;
}

export type Tone = 'good' | 'bad' | 'odd' | 'dim' | 'bold';

/** Colours a cleaned text, or leaves it as it is where colours are not wanted. */
export type Style = (tone: Tone, text: string) => string;

const CODES: Record<Tone, readonly [number, number]> = {
  good: [32, 39],
  bad: [31, 39],
  odd: [33, 39],
  dim: [2, 22],
  bold: [1, 22],
};

export const coloured: Style = (tone, text) => {
  const [on, off] = CODES[tone];
  return text === '' ? '' : `\u001b[${on}m${text}\u001b[${off}m`;
};

export const uncoloured: Style = (_tone, text) => text;

/** Makes a text clickable on a terminal (OSC 8, "Hyperlinks in terminal emulators"); anything but a web link stays text. */
export function linked(text: string, url: string, paper: Paper): string {
  const target = webLink(url);
  if (!paper.terminal || target === undefined) return text;
  return `\u001b]8;;${target}\u001b\\${text}\u001b]8;;\u001b\\`;
}

/** A web address in its escaped form; `undefined` for every other scheme. */
export function webLink(url: string): string | undefined {
  const parsed = URL.parse(url);
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) return undefined;
  return parsed.href;
}
