/**
 * The product's neutral rich text: what a ticket says, before it is rendered as ADF or wiki markup.
 * Text is always text; only `link` may become one, and only with an http(s) URL.
 */
export type Inline =
  | { kind: 'text'; text: string; strong?: boolean; code?: boolean }
  | { kind: 'link'; text: string; url: string };

export type Block =
  | { kind: 'heading'; level: 2 | 3; text: string }
  | { kind: 'paragraph'; content: readonly Inline[] }
  | { kind: 'list'; items: readonly (readonly Inline[])[] }
  | { kind: 'table'; header: readonly string[]; rows: readonly (readonly (readonly Inline[])[])[] }
  | { kind: 'notice'; tone: 'info' | 'warning'; content: readonly Inline[] }
  /** Verbatim text, folded where the edition can fold. It is the first to be cut when space is short. */
  | { kind: 'verbatim'; title: string; language: 'json' | 'text'; text: string };

export interface Document {
  blocks: readonly Block[];
  /** Where the rest can be read, named in the cut. */
  fullTextAt?: string;
}

export function text(value: string): Inline {
  return { kind: 'text', text: value };
}

export function strong(value: string): Inline {
  return { kind: 'text', text: value, strong: true };
}

export function code(value: string): Inline {
  return { kind: 'text', text: value, code: true };
}

export function link(value: string, url: string): Inline {
  return { kind: 'link', text: value, url };
}

export function paragraph(...content: Inline[]): Block {
  return { kind: 'paragraph', content };
}
