import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toBundleStamp } from '../../src/runtime/bundle-stamp.ts';

const SRC = join(import.meta.dirname, '../../src');
const ROOMS = ['contracts', 'events', 'entities', 'providers', 'store', 'activities', 'workflows'];

let copy: string;
beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'hookline-stamp-'));
  for (const room of ROOMS) cpSync(join(SRC, room), join(copy, room), { recursive: true });
});
afterEach(() => rmSync(copy, { recursive: true }));

describe('toBundleStamp', () => {
  it('is the same wherever the sources stand', async () => {
    expect(await toBundleStamp(copy)).toMatch(/^[0-9a-f]{64}$/);
    expect(await toBundleStamp(copy)).toBe(await toBundleStamp());
  });

  it.each(['workflows/chains/new-order.ts', 'contracts/names.ts', 'entities/order.ts'])('is another once `%s` is another', async (file) => {
    const before = await toBundleStamp(copy);
    writeFileSync(join(copy, file), '\n', { flag: 'a' });
    expect(await toBundleStamp(copy)).not.toBe(before);
  });

  it('is another once there is one file more', async () => {
    const before = await toBundleStamp(copy);
    writeFileSync(join(copy, 'workflows/chains/another.ts'), '');
    expect(await toBundleStamp(copy)).not.toBe(before);
  });
});
