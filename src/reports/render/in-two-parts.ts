import type { Block } from '../paper.ts';

/** A block that says something. */
export type Said = Exclude<Block, { block: 'annex' }>;

/** What a report says, and its annex; without a mark of its beginning there is none. */
export function inTwoParts(blocks: readonly Block[]): { before: readonly Said[]; annex: readonly Said[] } {
  const at = blocks.findIndex(({ block }) => block === 'annex');
  const said = (some: readonly Block[]) => some.flatMap((block) => (block.block === 'annex' ? [] : [block]));
  return at < 0
    ? { before: said(blocks), annex: [] }
    : { before: said(blocks.slice(0, at)), annex: said(blocks.slice(at)) };
}
