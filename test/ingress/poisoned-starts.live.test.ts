import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { explain } from '../../src/admin/why/explain.ts';
import type { LogFields } from '../../src/contracts/names.ts';
import { createStarter } from '../../src/ingress/starter.ts';
import type { StartRequest, TemporalPort } from '../../src/ingress/temporal-port.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { addRun } from '../support/alert-rows.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { silentLog } from '../support/silent-log.ts';

const RUNS = 200;
const CONCURRENCY = 16;
const grpc = (code: number, details: string): Error => Object.assign(new Error(details), { code, details });

let database: TestDatabase;
let store: Store;
beforeAll(async () => {
  database = await createDatabase();
  store = createStore({ pool: database.pool });
});
afterAll(() => database.close());

/** A Temporal that takes every start but those of some events, each of which has a poison of its own until it is mended. */
function createPoisoned(): { readonly port: TemporalPort; readonly started: string[]; readonly poisons: Set<string>; asked: number } {
  const told = { started: new Array<string>(), poisons: new Set(['evt_silent', 'evt_internal', 'evt_refused']), asked: 0 };
  const waiting = new Set<() => void>();
  const start = async ({ input: { event } }: StartRequest): Promise<string> => {
    if (told.poisons.has(event.id)) {
      if (event.id === 'evt_refused') throw grpc(3, 'Blob data size exceeds limit.');
      if (event.id === 'evt_internal') throw grpc(13, 'string field contains invalid UTF-8');
      // its deadline is over while others are answered, as it is by a real server
      await new Promise<void>((answered) => waiting.add(answered));
      throw grpc(4, 'Deadline exceeded');
    }
    told.started.push(event.id);
    // after this answer was taken, not before
    setImmediate(() => {
      for (const answered of waiting) answered();
      waiting.clear();
    });
    return randomUUID();
  };
  const port: TemporalPort = {
    start,
    describe: async () => undefined,
    async facts() {
      told.asked += 1;
      return { searchAttributes: true, retentionMs: 1_000_000 };
    },
  };
  return Object.assign(told, { port });
}

const rowOf = async (eventUuid: string) => store.runs.get({ eventUuid, chain: 'new-order' });

it('starts that a server never takes hold nobody back, and are told apart: one waits, one is tried a few times, one fails for a person', async () => {
  const ids = Array.from({ length: RUNS }, (_, index) => `evt_${String(index).padStart(3, '0')}`);
  const uuids = new Map<string, string>();
  for (const eventId of ['evt_silent', 'evt_internal', 'evt_refused', ...ids])
    uuids.set(eventId, await addRun(database.pool, { state: 'pending', eventId }));
  const uuidOf = (eventId: string): string => uuids.get(eventId) ?? '';
  const temporal = createPoisoned();
  const codes: unknown[] = [];
  const note = ({ code }: LogFields): void => void codes.push(code);
  const starter = createStarter({
    runs: store.runs,
    temporal: temporal.port,
    chains: [],
    owner: randomUUID(),
    concurrency: CONCURRENCY,
    sweepMs: 20,
    leaseMs: 60_000,
    log: { ...silentLog, error: note },
    now: () => new Date(),
  });
  try {
    await expect.poll(() => temporal.started.length, { timeout: 30_000 }).toBe(RUNS);
    expect([starter.downSince(), codes.filter((code) => code === 'temporal.unavailable'), temporal.asked]).toEqual([null, [], 1]);
    // in order of receipt, but for those that are under way together
    const misplaced = ids.filter((id, place) => Math.abs(temporal.started.indexOf(id) - place) > 2 * CONCURRENCY);
    expect(misplaced).toEqual([]);

    await expect.poll(() => rowOf(uuidOf('evt_silent'))).toMatchObject({ state: 'pending', tries: 0 });
    await expect.poll(async () => (await rowOf(uuidOf('evt_internal')))?.tries).toBeGreaterThan(0);
    await expect
      .poll(() => rowOf(uuidOf('evt_refused')))
      .toMatchObject({ state: 'failed', code: 'run.startRefused', detail: 'gRPC 3: Blob data size exceeds limit.' });
    expect(await explain({ store, now: new Date() }, { about: 'evt_refused' })).toMatchObject({
      explanations: [
        {
          verdict: 'failed',
          code: 'run.startRefused',
          said: expect.stringContaining('run.startRefused: gRPC 3: Blob data size') as string,
          fix: 'see the detail; mend the cause, then `hookline replay`',
        },
      ],
    });
    await database.pool.session((session) =>
      session.run(`UPDATE runs SET tries = 7, due_at = now() WHERE workflow_id = 'shop.evt_internal'`),
    );
    await expect.poll(() => rowOf(uuidOf('evt_internal'))).toMatchObject({ state: 'failed', code: 'run.startRefused' });

    temporal.poisons.clear();
    for (const eventId of ['evt_internal', 'evt_refused'])
      expect(await store.runs.repair({ eventUuid: uuidOf(eventId), again: false })).toMatchObject([{ attempt: 2 }]);
    await database.pool.session((session) => session.run(`UPDATE runs SET due_at = now() WHERE state = 'pending'`));
    starter.nudge();
    for (const eventId of ['evt_silent', 'evt_internal', 'evt_refused'])
      await expect.poll(() => rowOf(uuidOf(eventId))).toMatchObject({ state: 'started', code: null });
  } finally {
    await starter.close();
  }
}, 60_000);
