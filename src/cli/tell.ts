import type { GlobalOptions } from './settings.ts';
import { toJsonLine } from '../admin/printable.ts';

/** Prints a command's result on stdout: to a program one JSON document, to a person text. */
export function tell({ json }: GlobalOptions, { document, text }: { readonly document: unknown; readonly text: () => string }): void {
  console.log(json === true ? toJsonLine(document) : text());
}

/** Prints a list as `tell` does; where it goes on, a person is told how on stderr, and a program by `next` of the document. */
export function tellList(
  globals: GlobalOptions,
  { document, text, next }: { readonly document: object; readonly text: () => string; readonly next: string | null },
): void {
  tell(globals, { document: { ...document, next }, text });
  if (next !== null && globals.json !== true) console.error(`there are more: add \`--all\`, or go on with \`--cursor ${next}\``);
}
