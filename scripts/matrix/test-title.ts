/** What vitest replaces in the title of a table of cases: `%s`, `$name`. */
const PLACES = /%[sdifjoO#$%]|\$[A-Za-z_][\w.]*/g;

/** The titles that a test may have which stands under this one: itself, or where it is the title of a table, those of its cases. */
export function toTitlePattern(title: string): RegExp {
  const pieces = title.split(PLACES).map(escape);
  return new RegExp(`^${pieces.join('.*')}$`, 's');
}

/** A pattern for vitest's `-t`, which looks at the titles of the groups too: it lets through at least the tests named so. */
export function toNamePattern(titles: readonly string[]): string {
  return titles.map((title) => `(?:${title.split(PLACES).map(escape).join('.*')})$`).join('|');
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
