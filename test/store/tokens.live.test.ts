import { afterAll, beforeAll, expect, test } from 'vitest';
import { sha256 } from '../../src/contracts/ids.ts';
import { addToken, findToken, listTokens, removeToken } from '../../src/store/tokens.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.close());

const rights = { name: 'grafana', role: 'viewer', payloads: false } as const;
const hash = sha256('a token');

test('a token is found by its hash alone, and says when it was used, to the minute', async () => {
  const { pool } = database;
  expect(await addToken(pool, { ...rights, sha256: hash })).toBe(true);
  expect(await listTokens(pool)).toEqual([{ ...rights, madeAt: expect.any(Date), usedAt: null }]);
  expect(await findToken(pool, sha256('another'))).toBeUndefined();
  expect(await findToken(pool, hash)).toEqual(rights);
  const usedAt = (await listTokens(pool))[0]?.usedAt;
  expect(usedAt).toBeInstanceOf(Date);
  expect(await findToken(pool, hash)).toEqual(rights);
  expect((await listTokens(pool))[0]?.usedAt).toEqual(usedAt);
  await pool.query({ name: 'test.age', text: `UPDATE tokens SET used_at = now() - interval '2 minutes'` });
  await findToken(pool, hash);
  expect(Date.now() - ((await listTokens(pool))[0]?.usedAt?.getTime() ?? 0)).toBeLessThan(60_000);
});

test('neither a name nor a token is there twice', async () => {
  expect(await addToken(database.pool, { ...rights, sha256: sha256('b') })).toBe(false);
  expect(await addToken(database.pool, { ...rights, name: 'other', sha256: hash })).toBe(false);
});

test('a removed token is not found', async () => {
  expect(await removeToken(database.pool, 'grafana')).toBe(true);
  expect(await removeToken(database.pool, 'grafana')).toBe(false);
  expect(await findToken(database.pool, hash)).toBeUndefined();
});
