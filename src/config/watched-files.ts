import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const REFERENCE = /\$\{file:\s*([^{}]+?)\s*\}/g;
const CERTIFICATE = /\bcertificate:\s*["']?([^"'\s,{}$]+)/g;

/**
 * The files whose change may change what a configuration says: itself, the `.env` beside it, and the files that its
 * secrets and certificates name.
 */
export function watchedFiles(file: string): readonly string[] {
  const folder = dirname(file);
  return [...new Set([file, join(folder, '.env'), ...named(file).map((name) => resolve(folder, name))])];
}

function named(file: string): string[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // A file that is gone names nothing; that it is gone is for whoever loads it to say.
    return [];
  }
  return [...text.matchAll(REFERENCE), ...text.matchAll(CERTIFICATE)].map(([, name = '']) => name);
}
