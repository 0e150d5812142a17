/** Why a report cannot be drawn as it is asked for, in words for people. */
export class NotDrawable extends Error {
  override name = 'NotDrawable';
}
