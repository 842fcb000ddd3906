import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sha256, uuidV7 } from '../../src/contracts/ids.ts';
import type { Refusal } from '../../src/contracts/inbox.ts';
import { createDeliveries } from '../../src/store/deliveries.ts';
import { createPool } from '../../src/store/pool.ts';
import { createRefusals } from '../../src/store/refusals.ts';
import { createDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { silentLog } from '../support/silent-log.ts';

const NOW = new Date('2026-03-01T10:00:30.000Z');

function makeRefusal(wish: Partial<Refusal> = {}): Refusal {
  const body = wish.body ?? null;
  return {
    id: uuidV7(Date.now()),
    source: 'shop',
    receivedAt: NOW,
    remoteAddress: '127.0.0.1',
    headers: [['x-id', 'a']],
    body,
    bodySha256: sha256(body ?? 'unsigned'),
    bodyBytes: body?.length ?? 8,
    httpStatus: 401,
    code: 'signature.mismatch',
    detail: null,
    ...wish,
  };
}

describe('refusals', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createDatabase();
  });
  beforeEach(() => database.pool.session((session) => session.run('TRUNCATE deliveries, refusal_counters')));
  afterAll(() => database.close());

  const rows = () => createDeliveries({ pool: database.pool }).list({ limit: 1_000 });
  const counts = async () =>
    (await createDeliveries({ pool: database.pool }).refusalCounts({})).map(({ source, code, minute, count }) => [
      source,
      code,
      minute.toISOString(),
      count,
    ]);

  test('keeps a signed refusal with its body before it resolves', async () => {
    const refusals = createRefusals({ pool: database.pool, log: silentLog, now: () => NOW });
    const refusal = makeRefusal({ body: Buffer.from([0, 255, 1]), httpStatus: 400, code: 'body.notUtf8', detail: 'at byte 1' });
    await Promise.all([refusals.recordVerified(refusal), refusals.recordVerified(makeRefusal({ body: Buffer.from('x') }))]);
    const deliveries = createDeliveries({ pool: database.pool });
    expect(await deliveries.find(refusal.id)).toMatchObject([
      { id: refusal.id, outcome: 'refused', httpStatus: 400, code: 'body.notUtf8', detail: 'at byte 1', bodyBytes: 3, eventIds: [] },
    ]);
    expect((await deliveries.body(refusal.id))?.equals(Buffer.from([0, 255, 1]))).toBe(true);
    await refusals.close();
  });

  test('keeps 20 unverified ones a second of each source, and only counts the rest', async () => {
    let now = NOW;
    const refusals = createRefusals({ pool: database.pool, log: silentLog, now: () => now });
    for (let index = 0; index < 500; index++) refusals.record(makeRefusal());
    for (let index = 0; index < 30; index++) refusals.record(makeRefusal({ source: 'other', code: 'signature.missing' }));
    now = new Date(NOW.getTime() + 1_000);
    for (let index = 0; index < 5; index++) refusals.record(makeRefusal());
    await refusals.close();
    const kept = await rows();
    expect(kept.filter(({ source }) => source === 'shop')).toHaveLength(25);
    expect(kept.filter(({ source }) => source === 'other')).toHaveLength(20);
    expect(await counts()).toEqual([
      ['other', 'signature.missing', '2026-03-01T10:00:00.000Z', 10],
      ['shop', 'signature.mismatch', '2026-03-01T10:00:00.000Z', 480],
    ]);
  });

  test('adds to the count of a minute that another process has counted too', async () => {
    const many = Array.from({ length: 3 }, () => createRefusals({ pool: database.pool, log: silentLog, now: () => NOW, perSecond: 0 }));
    for (const refusals of many) for (let index = 0; index < 7; index++) refusals.record(makeRefusal());
    await Promise.all(many.map((refusals) => refusals.close()));
    expect(await counts()).toEqual([['shop', 'signature.mismatch', '2026-03-01T10:00:00.000Z', 21]]);
    expect(await rows()).toEqual([]);
  });

  test('rejects a signed one that PostgreSQL cannot take, and keeps its neighbours', async () => {
    const refusals = createRefusals({ pool: database.pool, log: silentLog, now: () => NOW });
    const results = await Promise.allSettled(
      [makeRefusal(), makeRefusal(), makeRefusal({ detail: 'a\0b' }), makeRefusal()].map((refusal) => refusals.recordVerified(refusal)),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    await refusals.close();
  });

  test('throws nothing at the recorder of an unverified one when PostgreSQL is away', async () => {
    const url = new URL(database.url);
    url.port = '1';
    const pool = createPool({ url: url.href, applicationName: 'hookline-test', log: silentLog });
    const refusals = createRefusals({ pool, log: silentLog, now: () => NOW });
    refusals.record(makeRefusal());
    await expect(refusals.recordVerified(makeRefusal({ body: Buffer.from('x') }))).rejects.toMatchObject({ code: 'inbox.unavailable' });
    await refusals.close();
    refusals.record(makeRefusal());
    await pool.close();
  });
});
