import type { GlobalOptions } from './settings.ts';
import { toJsonLine } from './printable.ts';

/** Prints a command's result on stdout: to a program one JSON document, to a person text. */
export function tell({ json }: GlobalOptions, { document, text }: { readonly document: unknown; readonly text: () => string }): void {
  console.log(json === true ? toJsonLine(document) : text());
}
