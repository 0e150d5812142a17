import { clean } from '../../domain/text/clean.ts';

/** A piece of running text, cleaned; a blank at either end divides it from its neighbours and is kept. */
export function cleanPiece(text: string): string {
  const blank = (there: boolean) => (there ? ' ' : '');
  const said = clean(text);
  if (said === '') return blank(text !== '');
  return `${blank(/^\s/u.test(text))}${said}${blank(/\s$/u.test(text))}`;
}
