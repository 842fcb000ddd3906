/** What a terminal would obey, or a reader be misled by: C0, DEL and C1 (ESC among them), line separators, bidirectional controls. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\p{Bidi_Control}]/gu;

/** A text of anybody's fit for a line of a terminal: what is not to be shown stands as U+FFFD. */
export function toPrintable(text: string): string {
  return text.replaceAll(UNPRINTABLE, '\ufffd');
}

/** A text of several lines fit for a terminal: as `toPrintable`, but line ends and tabs stay. */
export function toPrintableLines(text: string): string {
  return text.replaceAll(UNPRINTABLE, (character) => (/[\n\t]/.test(character) ? character : '\ufffd'));
}

/** One JSON document in one line; what a terminal would obey is escaped, so that it may be shown as it is. */
export function toJsonLine(value: unknown): string {
  return JSON.stringify(value).replaceAll(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
