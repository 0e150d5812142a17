import type { Block } from '../../paper.ts';

/** Blocks that tell what people did with issues, by name. */
const OF_WORK: ReadonlySet<string> = new Set([
  'sla',
  'sla-missed',
  'sla-overdue',
  'sla-due-soon',
  'time-to-acknowledge',
  'time-to-resolve',
  'times',
  'open-issues',
  'backlog',
  'oldest-issues',
  'outcomes',
  'tuning',
]);

/** Said instead of zeros. */
const SAID: Block = {
  block: 'text',
  runs: [
    { strong: 'Not measured' },
    ': when issues were taken up and resolved, whether in time, how many are open, and what alerts were found to be. Alert and issue were not kept in step; ',
    { code: 'sync:' },
    ' of the configuration does that.',
  ],
};

/** The blocks that tell what is known where alert and issue are not kept in step, and once what is not. */
export function onlyMeasured(blocks: readonly Block[]): Block[] {
  const at = blocks.findIndex(isOfWork);
  return blocks.flatMap((block, i) => (i === at ? [SAID] : isOfWork(block) ? [] : [block]));
}

function isOfWork(block: Block): boolean {
  if (block.block === 'chart') return OF_WORK.has(block.chart.name);
  return 'name' in block && OF_WORK.has(block.name);
}
