import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readEntity, updateEntity } from '../../src/store/entities.ts';
import type { EntityState } from '../../src/store/entities.ts';
import { transaction } from '../../src/store/pool.ts';
import { createDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { randomId } from './make-delivery.ts';

describe('entities', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(() => database.close());

  const raise = (current: EntityState): EntityState => ({
    fields: { count: Number(current.fields['count'] ?? 0) + 1 },
    versions: { count: ['t', 0, 'e'] },
  });
  const update = (id: string, merge: (current: EntityState) => EntityState | undefined) =>
    transaction(database.pool, (tx) => updateEntity(tx, { type: 'order', id }, merge));

  test('reads an entity that nobody has written as empty', async () => {
    expect(await readEntity(database.pool, { type: 'order', id: randomId() })).toEqual({ fields: {}, versions: {} });
  });

  test('loses no write of 20 transactions that change one entity at once, the making of it included', async () => {
    const id = randomId();
    await Promise.all(Array.from({ length: 20 }, () => update(id, raise)));
    expect(await readEntity(database.pool, { type: 'order', id })).toEqual({ fields: { count: 20 }, versions: { count: ['t', 0, 'e'] } });
  });

  test('leaves all as it is when the merge says so', async () => {
    const id = randomId();
    expect(await update(id, () => undefined)).toEqual({ fields: {}, versions: {} });
    await update(id, raise);
    expect(await update(id, () => undefined)).toMatchObject({ fields: { count: 1 } });
    const { rowCount } = await database.pool.query({ name: 'test.entities', text: 'SELECT FROM entities WHERE id = $1', values: [id] });
    expect(rowCount).toBe(1);
  });

  test('keeps text that `jsonb` would refuse', async () => {
    const id = randomId();
    const fields = { note: 'a\u0000b', lone: '\ud800' };
    await update(id, () => ({ fields, versions: {} }));
    expect((await readEntity(database.pool, { type: 'order', id })).fields).toEqual(fields);
  });
});
