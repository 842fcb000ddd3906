import { afterAll, beforeAll, expect, test } from 'vitest';
import { uuidV7 } from '../../src/contracts/ids.ts';
import { addAudit, listAudit, type AuditFilter } from '../../src/store/audit.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';

const NOON = Date.UTC(2026, 2, 1, 12);
const minutes = (n: number): Date => new Date(NOON + n * 60_000);

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  const entries = [
    { actor: 'local (anna)', action: 'switch.set', target: 'hold all *' },
    { actor: 'ci', action: 'stock.set', target: 'MUG' },
    { actor: 'ci', action: 'event.replay', target: 'e1' },
  ];
  for (const [n, entry] of entries.entries())
    await addAudit(database.pool, { ...entry, id: uuidV7(minutes(n).getTime()), role: 'operator', detail: { n } });
});
afterAll(() => database.close());

test.each<[Omit<AuditFilter, 'limit'>, readonly number[]]>([
  [{}, [2, 1, 0]],
  [{ actor: 'ci' }, [2, 1]],
  [{ action: 'switch.set' }, [0]],
  [{ target: 'MUG' }, [1]],
  [{ text: 'HOLD' }, [0]],
  [{ since: minutes(1) }, [2, 1]],
  [{ until: minutes(1) }, [0]],
  [{ before: uuidV7(minutes(1).getTime(), new Uint8Array(10)) }, [0]],
])('changes are listed, the newest first, narrowed by %o', async (filter, wanted) => {
  expect((await listAudit(database.pool, { ...filter, limit: 10 })).map(({ detail }) => detail['n'])).toEqual(wanted);
});

test('a change says who, as what, what and when', async () => {
  expect(await listAudit(database.pool, { limit: 1 })).toEqual([
    { id: expect.any(String), at: expect.any(Date), actor: 'ci', role: 'operator', action: 'event.replay', target: 'e1', detail: { n: 2 } },
  ]);
});
