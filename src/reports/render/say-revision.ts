/** Which making of a report it is: `revision 2`, or that its period has not ended. */
export function sayRevision(revision: number): string {
  return revision === 0 ? 'the period has not ended' : `revision ${revision}`;
}
