import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTableCrm } from '../../src/activities/crm-table.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.close());

const upsert = (customerId: string, revision: number, onSending: () => Promise<void> = async () => {}) =>
  createTableCrm({ db: database.pool }).upsert({
    customerId,
    revision,
    profile: { name: `at ${revision}`, updatedAt: '2026-01-01T00:00:00.000Z' },
    key: 'k',
    onSending,
    signal: new AbortController().signal,
  });
const rowsOf = async (customerId: string): Promise<readonly unknown[]> =>
  (
    await database.pool.query({
      name: 'test.profiles',
      text: 'SELECT revision, profile FROM crm_profiles WHERE external_id = $1',
      values: [customerId],
    })
  ).rows;
const row = (revision: number): object => ({ revision, profile: { name: `at ${revision}`, updatedAt: '2026-01-01T00:00:00.000Z' } });

describe('createTableCrm', () => {
  it('makes a profile, and replaces it by a newer one', async () => {
    const id = randomUUID();
    expect([await upsert(id, 1), await upsert(id, 2)]).toEqual(['written', 'written']);
    expect(await rowsOf(id)).toEqual([row(2)]);
  });

  it('never replaces a newer profile by an older one', async () => {
    const id = randomUUID();
    expect([await upsert(id, 5), await upsert(id, 4)]).toEqual(['written', 'superseded']);
    expect(await rowsOf(id)).toEqual([row(5)]);
  });

  it('counts the same profile written twice as written', async () => {
    const id = randomUUID();
    expect([await upsert(id, 1), await upsert(id, 1)]).toEqual(['written', 'written']);
  });

  it('ends with the newest of twenty that come at once', async () => {
    const id = randomUUID();
    await Promise.all(Array.from({ length: 20 }, (_, index) => upsert(id, ((index * 7) % 20) + 1)));
    expect(await rowsOf(id)).toEqual([row(20)]);
  });

  it('writes nothing when it may not say that it is sending', async () => {
    const id = randomUUID();
    await expect(upsert(id, 1, () => Promise.reject(new Error('fenced')))).rejects.toThrow('fenced');
    expect(await rowsOf(id)).toEqual([]);
  });
});
