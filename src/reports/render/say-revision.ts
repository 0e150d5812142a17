/** Which revision a report is: `revision 2`, or that it is provisional. */
export function sayRevision(revision: number | undefined): string {
  return revision === undefined ? 'provisional' : `revision ${revision}`;
}
