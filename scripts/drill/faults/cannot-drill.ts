/** Something that a drill needs is not on this machine; the message says what, and how to get it. */
export class CannotDrill extends Error {
  override readonly name = 'CannotDrill';
}
