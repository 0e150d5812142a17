import { createHash } from 'node:crypto';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

/** A file that the program serves from itself; its path changes with its content, so that it may be kept for ever. */
export interface Asset {
  path: string;
  type: string;
  content: string;
}

let made: { style: Asset; script: Asset } | undefined;

/** The one stylesheet and the one script of all pages. */
export function assets(): { style: Asset; script: Asset } {
  made ??= {
    style: asset('console', 'css', STYLE),
    script: asset('console', 'js', SCRIPT),
  };
  return made;
}

const TYPES = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8' };

function asset(name: string, kind: 'css' | 'js', content: string): Asset {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 16);
  return { path: `/assets/${name}.${hash}.${kind}`, type: TYPES[kind], content };
}
