import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeFacts } from '../../../../scripts/drill/measure/write-facts.ts';
import { GOOD_FACTS } from '../good-facts.ts';
import { multiply } from '../multiply.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-facts-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('writes facts of any number as one document, an item a line', async () => {
  // more than one chunk, and not a whole number of them
  const facts = multiply(GOOD_FACTS, 700);
  const path = join(folder, 'facts.json');
  await writeFacts(path, facts);
  const text = await readFile(path, 'utf8');
  expect(JSON.parse(text)).toEqual(facts);
  expect(text.split('\n').length).toBeGreaterThan(facts.sent.length + facts.answers.length);
});
