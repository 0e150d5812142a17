/** Why a report cannot be drawn as it is asked for, in words for people. */
export class NotDrawable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'NotDrawable';
  }
}
