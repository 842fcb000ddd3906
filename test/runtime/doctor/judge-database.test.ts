import { describe, expect, test } from 'vitest';
import { judgeDatabase } from '../../../src/runtime/doctor/judge-database.ts';
import type { DatabaseFacts } from '../../../src/store/database-facts.ts';

const WELL: DatabaseFacts = {
  version: '18.1',
  versionNumber: 180_001,
  fsync: 'on',
  synchronousCommit: 'on',
  fullPageWrites: 'on',
  now: new Date(0),
  schema: 4,
  newestSchema: 4,
};
const judge = (wish: Partial<DatabaseFacts>, clockDifferenceMs = 0) =>
  judgeDatabase({ ...WELL, ...wish }, { clockDifferenceMs }).filter(({ level }) => level !== 'ok');

describe('a PostgreSQL', () => {
  test('that is as it should be passes every check', () => {
    expect(judge({})).toEqual([]);
    expect(judge({ synchronousCommit: 'local' })).toEqual([]);
    expect(judge({}, -1_999)).toEqual([]);
  });

  test.each([
    ['is too old', { versionNumber: 140_010, version: '14.10' }, 0, 'postgres', 'fail', 'older than 15'],
    ['does not flush', { fsync: 'off' }, 0, 'durability', 'fail', 'fsync off'],
    ['answers before it has flushed', { synchronousCommit: 'off' }, 0, 'durability', 'fail', 'synchronous_commit off'],
    ['may keep torn pages', { fullPageWrites: 'off' }, 0, 'durability', 'warn', 'full_page_writes off'],
    ['has an older schema', { schema: 3 }, 0, 'schema', 'fail', 'this code needs 4'],
    ['has a newer schema', { schema: 5 }, 0, 'schema', 'fail', 'made by a newer Hookline'],
    ['has a clock behind ours', {}, 2_000, 'clock', 'fail', '2.0 s ahead of PostgreSQL'],
    ['has a clock ahead of ours', {}, -60_000, 'clock', 'fail', '60.0 s behind PostgreSQL'],
  ])('that %s does not', (_name, wish, difference, check, level, found) => {
    expect(judge(wish, difference)).toEqual([
      { check, level, found: expect.stringContaining(found) as string, fix: expect.stringMatching(/./) as string },
    ]);
  });
});
