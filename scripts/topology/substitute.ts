/** A text of a file, and what stands in its place. */
export type Substitution = readonly [from: string, to: string];

/** Puts other texts in place of those of a file, everywhere. A text that the file does not hold is an error: the file has changed, and whoever substitutes must follow. */
export function substitute(text: string, { file, changes }: { readonly file: string; readonly changes: readonly Substitution[] }): string {
  return changes.reduce((changed, [from, to]) => {
    if (!changed.includes(from)) throw new Error(`${file} holds no \`${from}\` any more: see who substitutes it in scripts/topology`);
    return changed.replaceAll(from, () => to);
  }, text);
}
