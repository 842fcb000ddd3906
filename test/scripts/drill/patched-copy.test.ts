import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MUTANTS } from '../../../scripts/drill/mutants.ts';
import { applyPatch, ROOT } from '../../../scripts/drill/patched-copy.ts';

describe('a patch', () => {
  it.each(MUTANTS)('of the mutant `$name` fits the sources', ({ patch }) => {
    const text = readFileSync(join(ROOT, patch.file), 'utf8');
    const patched = applyPatch(text, patch);
    expect(patched).toContain(patch.to);
    expect(patched).not.toContain(patch.from);
  });

  it.each([
    ['nothing of the kind', 0],
    ['here and here', 2],
  ])('refuses `%s`, which holds the text %i times', (text, count) => {
    expect(() => applyPatch(text, { file: 'src/a.ts', from: 'here', to: 'there' })).toThrow(
      `src/a.ts holds ${count} times \`here\`: see scripts/drill/mutants.ts`,
    );
  });
});
