import { describe, expect, test } from 'vitest';
import { explainDelivery, explainEvent } from '../../../src/admin/why/explain-event.ts';
import type { EventRow } from '../../../src/store/events.ts';
import type { RunRow } from '../../../src/store/runs.ts';
import { deliveryRow, eventRow, runRow, THEN } from '../operator-rows.ts';

const chains = [{ name: 'new-order', on: 'order.created' }] as const;
const explain = (event: Partial<EventRow>, runs: readonly RunRow[] = [], chain?: string) =>
  explainEvent({ event: eventRow(event), runs, effects: [] }, { chain, chains, switches: [], now: THEN });

const held = {
  chains,
  now: THEN,
  switches: [{ verb: 'hold', kind: 'source', name: 'shop', since: THEN, by: 'anna', reason: 'a restore' }],
} as const;

describe('an event that led to nothing', () => {
  test('was ignored since no chain wants its type', () => {
    expect(explain({ state: 'ignored', type: 'github:push' })).toMatchObject([
      { verdict: 'ignored', said: 'it is ignored: no chain wants `github:push`' },
    ]);
  });

  test("was ignored by the source's list", () => {
    const detail = '`order.created` is excluded by `order.*`';
    expect(explain({ state: 'ignored', code: 'event.typeExcluded', detail })).toMatchObject([
      {
        verdict: 'ignored',
        code: 'event.typeExcluded',
        said: `it is ignored by the source's list: event.typeExcluded: ${detail}`,
        fix: expect.stringContaining('`exclude` of the source') as string,
      },
    ]);
  });

  test('was ignored since `when` of the chains on its type said no', () => {
    expect(explain({ state: 'ignored' })).toMatchObject([{ said: expect.stringContaining('`when` of `new-order` said no') as string }]);
  });

  test('is quarantined, with the complaint of its schema', () => {
    expect(explain({ state: 'quarantined', code: 'event.schemaMismatch', detail: '/lines: expected at least 1' })).toMatchObject([
      {
        verdict: 'quarantined',
        said: 'it is quarantined: event.schemaMismatch: /lines: expected at least 1',
        fix: expect.stringContaining('hookline replay') as string,
      },
    ]);
  });

  test('is held by a switch, which is named with its time, who has set it and why', () => {
    const detail = 'the source is held since 2026-03-01 10:00:00Z by anna';
    expect(explainEvent({ event: eventRow({ state: 'held', code: 'event.held', detail }), runs: [], effects: [] }, held)).toMatchObject([
      {
        verdict: 'held',
        code: 'event.held',
        said: `it is held by \`hold shop\`, set at 2026-03-01 10:00:00Z by anna (a restore): event.held: ${detail}`,
        fix: '`hookline release shop` when it may go on',
      },
    ]);
  });

  test('is held by the hold of everything, before that of its source', () => {
    const all = { verb: 'hold', kind: 'all', name: '*', since: THEN, by: 'start --hold', reason: null } as const;
    expect(
      explainEvent({ event: eventRow({ state: 'held' }), runs: [], effects: [] }, { ...held, switches: [...held.switches, all] }),
    ).toMatchObject([
      {
        said: 'it is held by `hold --all`, set at 2026-03-01 10:00:00Z by start --hold',
        fix: '`hookline release --all` when it may go on',
      },
    ]);
  });

  test('is about to be routed where nothing holds it any more', () => {
    const [{ said, fix } = {}] = explainEvent({ event: eventRow({ state: 'held' }), runs: [], effects: [] }, { ...held, switches: [] });
    expect(said).toBe('it is held; nothing holds it any more, and an ingress is about to route it');
    expect(fix).toContain(`hookline release --event ${eventRow().uuid}`);
  });
});

test('an event is explained by each of its runs, or by one that is asked for', () => {
  const runs = [runRow(), runRow({ chain: 'invoice', state: 'failed', code: 'chain.bug' })];
  expect(explain({}, runs).map(({ chain, verdict }) => [chain, verdict])).toEqual([
    ['new-order', 'done'],
    ['invoice', 'failed'],
  ]);
  expect(explain({}, runs, 'invoice')).toHaveLength(1);
});

describe('a delivery', () => {
  test('that was refused says the cause, and what to do', () => {
    expect(explainDelivery(deliveryRow({ outcome: 'refused', httpStatus: 401, code: 'signature.mismatch', eventIds: [] }))).toMatchObject({
      verdict: 'refused',
      said: `delivery ${deliveryRow().id} was refused at 2026-03-01 10:00:00Z with 401: signature.mismatch: no live secret of the source makes this signature`,
      fix: expect.stringContaining('secret') as string,
    });
  });

  test('that was a duplicate says of which event, and whether its body was another one', () => {
    const { verdict, said } = explainDelivery(deliveryRow({ outcome: 'duplicate', bodyDiffers: true }));
    expect([verdict, said]).toEqual(['duplicate', expect.stringMatching(/of event 1001 was a duplicate .* its body was another one/)]);
  });
});
