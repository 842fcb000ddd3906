import { toPrintable } from '../admin/printable.ts';
import type { Cell, Paint } from './table.ts';

/** Facts below one another, those without a value left out. Both halves may be anybody's: they are made printable here. */
export function toFacts(facts: readonly (readonly [label: string, value: Cell])[], paint: Paint): string {
  const told = facts
    .map(([label, value]) => ({ label: toPrintable(label), ...(typeof value === 'string' ? { text: value } : value) }))
    .filter(({ text }) => text !== '');
  const width = Math.max(0, ...told.map(({ label }) => label.length)) + 2;
  return told
    .map(({ label, text, ...rest }) => {
      const safe = toPrintable(text);
      return `${label.padEnd(width)}${'tone' in rest ? paint(rest.tone, safe) : safe}`;
    })
    .join('\n');
}
