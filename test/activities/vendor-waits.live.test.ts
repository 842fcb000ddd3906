import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { effectAction, type EffectAction } from '../../src/activities/define-agent.ts';
import { EffectFailure } from '../../src/activities/effect-failure.ts';
import { performEffect } from '../../src/activities/effect-ledger.ts';
import type { ActionCall } from '../../src/contracts/run.ts';
import type { AdapterName } from '../../src/store/stops.ts';
import { clearSwitch, setSwitch, type Switch } from '../../src/store/switches.ts';
import { clearVendorWait, listVendorWaits } from '../../src/store/vendor-waits.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { callOf, from } from '../support/ledger-calls.ts';

const MINUTE_MS = 60_000;
const PAUSE: Switch = { verb: 'pause', kind: 'adapter', name: 'crm' };
let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterEach(async () => {
  await clearSwitch(database.pool, PAUSE);
  await database.pool.session((session) => session.run('TRUNCATE vendor_waits'));
});
afterAll(() => database.close());

const crmCall = (overrides: Partial<ActionCall> = {}): ActionCall => callOf({ action: 'crm.upsertProfile', ...overrides });
const perform = (call: ActionCall, action: EffectAction<unknown, unknown>, signal = new AbortController().signal) =>
  performEffect(database.pool, { ...from('run-1', call), action, dryAction: action, signal });
const reach = (asked: (AdapterName | undefined)[], adapter: AdapterName | undefined = 'crm'): EffectAction<unknown, unknown> =>
  effectAction({ policy: 'atLeastOnce' }, async (_input: unknown, { sending }) => {
    await sending(adapter);
    asked.push(adapter);
  });
/** What a vendor answers that has had enough. */
const refuse = (retryAfterMs: number | undefined, adapter: AdapterName | undefined = 'crm'): EffectAction<unknown, unknown> =>
  effectAction({ policy: 'atLeastOnce' }, async (_input: unknown, { sending }) => {
    await sending(adapter);
    throw new EffectFailure('http.unavailable', { got: '429', happened: 'no', retryAfterMs });
  });
const stateOf = async ({ eventUuid }: ActionCall): Promise<string | undefined> =>
  (
    await database.pool.query<{ line: string }>({
      name: 'test.state',
      text: `SELECT state || ' ' || sends AS line FROM effects WHERE event_uuid = $1`,
      values: [eventUuid],
    })
  ).rows[0]?.line;
const leftMs = async (): Promise<number> => {
  const { rows } = await database.pool.query<{ ms: number }>({
    name: 'test.left',
    text: `SELECT extract(epoch FROM until - now())::float8 * 1000 AS ms FROM vendor_waits`,
  });
  return rows[0]?.ms ?? 0;
};

describe('a vendor that has asked to be left alone', () => {
  it('is asked nothing by anybody until its time is over; what waits has not been sent, and goes out after it', async () => {
    const [first, second, asked] = [crmCall(), crmCall(), new Array<AdapterName | undefined>()];
    await expect(perform(first, refuse(MINUTE_MS))).rejects.toMatchObject({ code: 'http.unavailable' });
    for (const call of [first, second])
      await expect(perform(call, reach(asked))).rejects.toMatchObject({
        code: 'action.waiting',
        message: expect.stringMatching(/^action\.waiting: expected no request before 20.*Z, in `adapter crm`$/) as string,
        wait: { adapter: 'crm', leftMs: expect.toSatisfy((ms: number) => ms > 0 && ms <= MINUTE_MS) as number },
      });
    expect([asked, await stateOf(first), await stateOf(second)]).toEqual([[], 'intended 1', 'intended 0']);
    await database.pool.session((session) => session.run(`UPDATE vendor_waits SET until = now()`));
    for (const call of [first, second]) await perform(call, reach(asked));
    expect([asked, await stateOf(first), await stateOf(second)]).toEqual([['crm', 'crm'], 'done 2', 'done 1']);
  });

  it('keeps nothing from other vendors, nor from what names none', async () => {
    const asked: (AdapterName | undefined)[] = [];
    await expect(perform(crmCall(), refuse(MINUTE_MS))).rejects.toThrow();
    await perform(callOf({ action: 'support.tellTeam' }), reach(asked, 'team'));
    await perform(
      crmCall(),
      effectAction({ policy: 'atLeastOnce' }, async (_input: unknown, { sending }) => {
        await sending();
        asked.push(undefined);
      }),
    );
    expect(asked).toEqual(['team', undefined]);
  });

  it.each([
    ['that does not say for how long', undefined, 'crm'],
    ['whose action names no adapter', MINUTE_MS, undefined],
  ] as const)('%s keeps nobody else waiting', async (_what, retryAfterMs, adapter) => {
    const call = crmCall();
    const refusing = effectAction({ policy: 'atLeastOnce' }, async (_input: unknown, { sending }) => {
      await sending(adapter);
      throw new EffectFailure('http.unavailable', { got: '429', happened: 'no', retryAfterMs });
    });
    await expect(perform(call, refusing)).rejects.toMatchObject({ code: 'http.unavailable' });
    expect([await listVendorWaits(database.pool), await stateOf(call)]).toEqual([[], 'intended 1']);
  });

  it('is left alone for the longest of its wishes, since the first of them', async () => {
    await expect(perform(crmCall(), refuse(2 * MINUTE_MS))).rejects.toThrow();
    const [wait] = await listVendorWaits(database.pool);
    const call = crmCall();
    const late = effectAction({ policy: 'atLeastOnce' }, async (_input: unknown, { sending }) => {
      await clearVendorWait(database.pool, 'crm');
      await sending('crm');
      await database.pool.query({
        name: 'test.keep',
        text: 'INSERT INTO vendor_waits (adapter, until, since) VALUES ($1, $2, $3)',
        values: ['crm', wait?.until, wait?.since],
      });
      throw new EffectFailure('http.unavailable', { got: '429', happened: 'no', retryAfterMs: MINUTE_MS });
    });
    await expect(perform(call, late)).rejects.toMatchObject({ code: 'http.unavailable' });
    expect(await listVendorWaits(database.pool)).toEqual([wait]);
  });

  it('begins anew where an older wish was over', async () => {
    await database.pool.session((session) =>
      session.run(`INSERT INTO vendor_waits VALUES ('crm', now() - interval '1 minute', now() - interval '1 hour')`),
    );
    await expect(perform(crmCall(), refuse(MINUTE_MS))).rejects.toThrow();
    const [{ since, until } = { since: new Date(0), until: new Date(0) }] = await listVendorWaits(database.pool);
    expect(until.getTime() - since.getTime()).toBe(MINUTE_MS);
    expect(await leftMs()).toBeGreaterThan(0);
  });

  it('is asked again at once when an operator has ended its wait', async () => {
    const asked: (AdapterName | undefined)[] = [];
    await expect(perform(crmCall(), refuse(MINUTE_MS))).rejects.toThrow();
    expect(await clearVendorWait(database.pool, 'crm')).toMatchObject({ adapter: 'crm' });
    expect(await clearVendorWait(database.pool, 'crm')).toBeUndefined();
    await perform(crmCall(), reach(asked));
    expect(asked).toEqual(['crm']);
  });

  it('is paused rather than waited for where an operator has paused it as well', async () => {
    await expect(perform(crmCall(), refuse(MINUTE_MS))).rejects.toThrow();
    await setSwitch(database.pool, PAUSE, { by: 'test', reason: null });
    await expect(perform(crmCall(), reach([]))).rejects.toMatchObject({ code: 'action.paused' });
  });

  it('leaves what nobody knows of unknown', async () => {
    const call = crmCall();
    const lost = effectAction({ policy: 'atLeastOnce' }, async (_input: unknown, { sending }) => {
      await sending('crm');
      throw new EffectFailure('http.unavailable', { got: '503', happened: 'unknown', retryAfterMs: MINUTE_MS });
    });
    await expect(perform(call, lost)).rejects.toThrow();
    await expect(perform(call, reach([]))).rejects.toMatchObject({ code: 'action.waiting' });
    expect(await stateOf(call)).toBe('unknown 1');
  });
});
