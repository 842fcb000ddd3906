import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createInbox } from '../../src/store/inbox.ts';
import { createRuns } from '../../src/store/runs.ts';
import type { Runs } from '../../src/store/runs.ts';
import { clearSwitch, setSwitch, type Switch } from '../../src/store/switches.ts';
import { createDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { silentLog } from '../support/silent-log.ts';
import { makeDelivery } from './make-delivery.ts';

describe('runs that an operator keeps from starting', () => {
  let database: TestDatabase;
  let runs: Runs;

  beforeAll(async () => {
    database = await createDatabase();
    runs = createRuns({ pool: database.pool });
  });
  beforeEach(async () => {
    await database.pool.session((session) => session.run('TRUNCATE events, runs, switches CASCADE'));
    const inbox = createInbox({ pool: database.pool, log: silentLog });
    // a source whose name begins with that of another, and an event of two chains, whose workflow ids have three parts
    await inbox.add(makeDelivery({ source: 'shop', events: [{ eventId: 'a', chains: ['new-order', 'notify'] }] }));
    await inbox.add(makeDelivery({ source: 'shop-2', events: [{ eventId: 'b', chains: ['new-order'] }] }));
    await inbox.close();
  });
  afterAll(() => database.close());

  const set = (one: Switch) => setSwitch(database.pool, one, { by: 'anna', reason: null });
  const clear = (one: Switch) => clearSwitch(database.pool, one);
  const claim = async (): Promise<readonly string[]> =>
    (await runs.claim({ owner: randomUUID(), limit: 100, leaseMs: 0 })).map(({ workflowId }) => workflowId);
  const ALL = ['shop.a.new-order', 'shop.a.notify', 'shop-2.b'];

  test.each<[string, Switch, readonly string[]]>([
    ['a pause of a source', { verb: 'pause', kind: 'source', name: 'shop' }, ['shop-2.b']],
    ['a pause of a chain', { verb: 'pause', kind: 'chain', name: 'new-order' }, ['shop.a.notify']],
    ['a hold of everything', { verb: 'hold', kind: 'all', name: '*' }, []],
    ['a hold of a source, which keeps new events alone', { verb: 'hold', kind: 'source', name: 'shop' }, ALL],
    ['a pause of an agent', { verb: 'pause', kind: 'agent', name: 'email' }, ALL],
    ['a pause of an adapter that is called as a chain', { verb: 'pause', kind: 'adapter', name: 'notify' }, ALL],
  ])('%s is obeyed until it is cleared', async (_what, one, left) => {
    await set(one);
    expect(await claim()).toEqual(left);
    await clear(one);
    expect(await claim()).toEqual(ALL);
  });

  test('keep attempt, tries and due time', async () => {
    const state = async () =>
      (
        await database.pool.query({
          name: 'test.runs',
          text: 'SELECT chain, state, attempt, tries, due_at, lease_owner FROM runs ORDER BY seq',
        })
      ).rows;
    const before = await state();
    await set({ verb: 'pause', kind: 'source', name: 'shop' });
    await set({ verb: 'pause', kind: 'source', name: 'shop-2' });
    await claim();
    expect(await state()).toEqual(before);
  });

  test('do not keep those behind them from starting, however many they are', async () => {
    await set({ verb: 'pause', kind: 'source', name: 'shop' });
    expect((await runs.claim({ owner: randomUUID(), limit: 1, leaseMs: 0 })).map(({ workflowId }) => workflowId)).toEqual(['shop-2.b']);
  });
});
