import { EventEmitter, once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTableCrm } from '../../src/activities/crm-table.ts';
import { effectAction, stateAction, type EffectAction, type StateAction } from '../../src/activities/define-agent.ts';
import { createDryHttp } from '../../src/activities/dry-http.ts';
import { performEffect } from '../../src/activities/effect-ledger.ts';
import { performState } from '../../src/activities/state-ledger.ts';
import { createTeamNotices } from '../../src/activities/team-notice.ts';
import type { ActionCall } from '../../src/contracts/run.ts';
import { createRehearsal } from '../../src/store/rehearse.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { callOf, from } from '../support/ledger-calls.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  await database.pool.session((session) => session.run('CREATE TABLE marks (name text NOT NULL UNIQUE)'));
});
afterAll(() => database.close());

const never = new AbortController().signal;
const mark = (name: string): StateAction<unknown, unknown> =>
  stateAction(async (_input, { db, effectKey }) => {
    await db.query({ name: 'test.mark', text: 'INSERT INTO marks VALUES ($1)', values: [name] });
    return { effectKey };
  });
const unmark = (name: string): StateAction<unknown, unknown> =>
  stateAction({ undoes: 'reserve' }, async (_input, { db }) => {
    const { rowCount } = await db.query({ name: 'test.unmark', text: 'DELETE FROM marks WHERE name = $1', values: [name] });
    return { undone: rowCount };
  });
const marksOf = async (name: string): Promise<number> =>
  (await database.pool.query({ name: 'test.marks', text: 'SELECT FROM marks WHERE name = $1', values: [name] })).rowCount ?? 0;
const rowsOf = async ({ eventUuid }: ActionCall): Promise<readonly string[]> =>
  (
    await database.pool.query<{ line: string }>({
      name: 'test.rows',
      text: `SELECT action || ' ' || state || ' ' || round || ' ' || sends || CASE WHEN dry THEN ' dry' ELSE '' END AS line
             FROM effects WHERE event_uuid = $1 ORDER BY 1`,
      values: [eventUuid],
    })
  ).rows.map(({ line }) => line);
const state = (call: ActionCall, action: StateAction<unknown, unknown>, dry: boolean, runId = 'run-1') =>
  performState(database.pool, { ...from(runId, call), action, dryAction: action, dry });
const undoOf = (reserve: ActionCall): ActionCall => ({ ...reserve, action: 'inventory.release', undoes: 'inventory.reserve' });

describe('a dry state action', () => {
  it('answers as a live one and leaves its ledger row alone', async () => {
    const call = callOf({ test: true });
    const performed = await state(call, mark('dry'), true);
    expect(performed).toMatchObject({ dry: true, fromLedger: false, result: { effectKey: expect.any(String) as string } });
    expect([await marksOf('dry'), await rowsOf(call)]).toEqual([0, ['inventory.reserve done 0 0 dry']]);
    expect(await state(call, mark('dry'), true)).toEqual({ ...performed, fromLedger: true });
  });

  it('fails for what a live one would fail for, and leaves nothing', async () => {
    const call = callOf({ test: true });
    await state(callOf(), mark('taken'), false);
    await expect(state(call, mark('taken'), true)).rejects.toMatchObject({ code: '23505' });
    expect(await rowsOf(call)).toEqual([]);
  });

  it('fails as a live one does where it goes on after a conflict, with which its transaction has ended', async () => {
    await state(callOf(), mark('met'), false);
    const heedless = stateAction(async (input: unknown, tx) =>
      mark('met')
        .run(input, tx)
        .catch(() => 'never mind'),
    );
    const [live, dry] = [callOf({ test: true }), callOf({ test: true })];
    await expect(state(live, heedless, false)).rejects.toMatchObject({ code: '25P02' });
    await expect(state(dry, heedless, true)).rejects.toMatchObject({ code: '25P02' });
    expect([await rowsOf(live), await rowsOf(dry)]).toEqual([[], []]);
  });

  it('is undone dry, also when its source has become live', async () => {
    const reserve = callOf({ test: true });
    await state(callOf(), mark('kept'), false);
    await state(
      reserve,
      stateAction(async () => null),
      true,
    );
    expect(await state(undoOf(reserve), unmark('kept'), false)).toMatchObject({ dry: true, result: { undone: 1 } });
    expect([await marksOf('kept'), await rowsOf(reserve)]).toEqual([
      1,
      ['inventory.release done 0 0 dry', 'inventory.reserve undone 0 0 dry'],
    ]);
  });

  it('leaves a live one to be undone live, when its source has become dry', async () => {
    const reserve = callOf({ test: true });
    await state(reserve, mark('owed'), false);
    expect(await state(undoOf(reserve), unmark('owed'), true)).toMatchObject({ dry: false });
    expect([await marksOf('owed'), await rowsOf(reserve)]).toEqual([0, ['inventory.release done 0 0', 'inventory.reserve undone 0 0']]);
  });

  it('is performed anew, as its source is then, once it was undone', async () => {
    const reserve = callOf({ test: true });
    await state(reserve, mark('anew'), true);
    await state(undoOf(reserve), unmark('anew'), true);
    await state({ ...reserve, attempt: 2 }, mark('anew'), false, 'run-2');
    expect([await marksOf('anew'), (await rowsOf(reserve)).at(-1)]).toEqual([1, 'inventory.reserve undone 0 0 dry']);
    expect(await rowsOf(reserve)).toContain('inventory.reserve done 1 0');
  });
});

describe('a dry effect', () => {
  const live = (sent: string[], fails = false): EffectAction<unknown, unknown> =>
    effectAction({ policy: 'atMostOnce' }, async (_input: unknown, { sending }) => {
      if (fails) throw new Error('no connection');
      await sending('mail');
      sent.push('live');
      return 'live';
    });
  const dry = effectAction({ policy: 'atMostOnce' }, async (_input: unknown, { sending }) => {
    await sending('mail');
    return 'dry';
  });
  const effect = (call: ActionCall, action: EffectAction<unknown, unknown>, isDry: boolean, dryAction = dry) =>
    performEffect(database.pool, { ...from('run-1', call), action, dryAction, dry: isDry, signal: never });
  const mailCall = (): ActionCall => callOf({ action: 'email.send', test: true });

  it('goes to the dry adapter, was never sent, and is not sent later either', async () => {
    const [call, sent] = [mailCall(), new Array<string>()];
    expect(await effect(call, live(sent), true)).toMatchObject({ result: 'dry', dry: true, fromLedger: false });
    expect(await effect({ ...call, attempt: 2 }, live(sent), false)).toMatchObject({ result: 'dry', dry: true, fromLedger: true });
    expect([sent, await rowsOf(call)]).toEqual([[], ['email.send done 0 0 dry']]);
  });

  it('stays dry when its source becomes live between two attempts', async () => {
    const [call, sent] = [mailCall(), new Array<string>()];
    const failing = effectAction({ policy: 'atMostOnce' }, () => Promise.reject(new Error('no template')));
    await expect(effect(call, live(sent), true, failing)).rejects.toThrow('no template');
    expect(await effect(call, live(sent), false)).toMatchObject({ result: 'dry', dry: true });
    expect(sent).toEqual([]);
  });

  it('becomes dry when its source does, as long as it surely has not gone out', async () => {
    const [call, sent] = [mailCall(), new Array<string>()];
    await expect(effect(call, live(sent, true), false)).rejects.toThrow('no connection');
    expect(await effect(call, live(sent), true)).toMatchObject({ result: 'dry', dry: true });
    expect([sent, await rowsOf(call)]).toEqual([[], ['email.send done 0 0 dry']]);
  });

  it('does not become dry once it may have gone out: that is settled by its policy', async () => {
    const call = mailCall();
    const lost = effectAction({ policy: 'atMostOnce' }, async (_input: unknown, { sending }) => {
      await sending('mail');
      throw new Error('no answer');
    });
    await expect(effect(call, lost, false)).rejects.toMatchObject({ code: 'effect.unknown' });
    await expect(effect(call, lost, true)).rejects.toMatchObject({ code: 'effect.unknown' });
    expect(await rowsOf(call)).toEqual(['email.send unknown 0 1']);
  });

  it('does not become dry once it may have gone out where it may go out twice either: it goes out again', async () => {
    const [call, sent] = [mailCall(), new Array<string>()];
    const again = (lost: boolean): EffectAction<unknown, unknown> =>
      effectAction({ policy: 'atLeastOnce' }, async (_input: unknown, { sending }) => {
        await sending('warehouse');
        sent.push('live');
        if (lost) throw new Error('no answer');
        return 'live';
      });
    await expect(effect(call, again(true), false)).rejects.toThrow('no answer');
    expect(await effect(call, again(false), true)).toMatchObject({ result: 'live', dry: false });
    expect([sent, await rowsOf(call)]).toEqual([['live', 'live'], ['email.send done 0 2']]);
  });

  it('that has become dry is not sent by an attempt that was given up before, and is still alive', async () => {
    const [call, sent] = [mailCall(), new Array<string>()];
    const steps = new EventEmitter();
    const [performing, zombieEnded] = [once(steps, 'performing'), once(steps, 'zombieEnded')];
    const slowDry = effectAction({ policy: 'atMostOnce' }, async () => {
      steps.emit('performing');
      await zombieEnded;
      return 'dry';
    });
    let newer: ReturnType<typeof effect> | undefined;
    const zombie = effectAction({ policy: 'atMostOnce' }, async (_input: unknown, { sending }) => {
      newer = effect(call, live(sent), true, slowDry);
      await performing;
      await sending('mail');
      sent.push('zombie');
    });
    await expect(effect(call, zombie, false)).rejects.toMatchObject({ code: 'effect.fenced' });
    steps.emit('zombieEnded');
    expect(await newer).toMatchObject({ result: 'dry', dry: true });
    expect([sent, await rowsOf(call)]).toEqual([[], ['email.send done 0 0 dry']]);
  });
});

describe('adapters on a rehearsal', () => {
  const count = async (table: 'crm_profiles' | 'team_notices'): Promise<number> =>
    (await database.pool.query({ name: `test.count.${table}`, text: `SELECT FROM ${table}` })).rowCount ?? 0;

  it('write no profile, and know whether a newer one stands', async () => {
    const upsert = (db: typeof database.pool | ReturnType<typeof createRehearsal>, revision: number) =>
      createTableCrm({ db }).upsert({
        customerId: 'shop:42',
        revision,
        profile: { name: 'Ada', updatedAt: '2026-01-01T00:00:00.000Z' },
        key: 'k',
        onSending: async () => {},
        signal: never,
      });
    const rehearsal = createRehearsal(database.pool);
    expect([await upsert(rehearsal, 1), await count('crm_profiles')]).toEqual(['written', 0]);
    await upsert(database.pool, 5);
    expect([await upsert(rehearsal, 4), await upsert(rehearsal, 6)]).toEqual(['superseded', 'written']);
    const { rows } = await database.pool.query({ name: 'test.revision', text: 'SELECT revision FROM crm_profiles' });
    expect(rows).toEqual([{ revision: 5 }]);
  });

  it('keep no notice and post none', async () => {
    const url = 'https://team.example/hook';
    const team = createTeamNotices({
      url,
      secret: undefined,
      http: createDryHttp({ allow: [] }),
      db: createRehearsal(database.pool),
      now: () => new Date(),
    });
    const metadata = { event_type: 'ticket_escalated', event_payload: {} };
    const told = await team.tell({ key: 'k', subject: 'desk:1', text: 'text', metadata, onSending: async () => {}, signal: never });
    expect([told, await count('team_notices')]).toEqual([{ status: 200 }, 0]);
  });
});
