import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { DRILLS } from '../../../../scripts/drill/drills.ts';

it('every drill that has a file can be run, under the name of its file', () => {
  const files = readdirSync(join(import.meta.dirname, '../../../../scripts/drill/drills')).map((file) => basename(file, '.ts'));
  expect(DRILLS.map(({ name }) => name).sort()).toEqual(files.sort());
});
