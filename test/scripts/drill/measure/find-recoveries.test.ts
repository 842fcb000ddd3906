import { describe, expect, it } from 'vitest';
import type { Facts, Outage } from '../../../../scripts/drill/facts.ts';
import { findRecoveries } from '../../../../scripts/drill/measure/find-recoveries.ts';

interface Told {
  readonly id: string;
  readonly acknowledgedMs: number;
  readonly effectMs?: number;
}

const outage = (one: Partial<Outage>): Outage => ({
  what: 'worker',
  name: 'worker-1',
  how: 'kill',
  fromMs: 1_000,
  goneMs: 1_010,
  untilMs: 1_500,
  readyMs: 2_000,
  port: null,
  ...one,
});

/** Users who are each welcomed by a mail. */
function factsOf(told: readonly Told[], outages: readonly Outage[]): Pick<Facts, 'outages' | 'sent' | 'answers' | 'vendors'> {
  return {
    outages,
    sent: told.map(({ id }) => ({
      id,
      type: 'user.registered',
      chain: 'welcome-user',
      entity: { type: 'user', id, version: '', says: {} },
      expects: [{ vendor: 'mail', about: id }],
      tail: false,
    })),
    answers: told.map(({ id, acknowledgedMs }) => ({
      eventId: id,
      status: 200,
      told: 'accepted',
      atMs: acknowledgedMs - 10,
      tookMs: 10,
      port: 1,
    })),
    vendors: told.flatMap(({ id, effectMs }) =>
      effectMs === undefined
        ? []
        : [{ vendor: 'mail', key: id, about: id, bodySha256: '', version: null, performed: true, answer: 'ok', atMs: effectMs }],
    ),
  };
}
const recover = (told: readonly Told[], outages: readonly Outage[]) =>
  findRecoveries(factsOf(told, outages)).map(({ ms, ownMs, stillMs }) => ({ ms, ownMs, stillMs }));

describe('recovery from an outage', () => {
  const before: Told = { id: 'before', acknowledgedMs: 900, effectMs: 1_900 };

  it('ends with the first effect of an event that was acknowledged after it had begun', () => {
    const told = [before, { id: 'after', acknowledgedMs: 1_100, effectMs: 4_000 }, { id: 'later', acknowledgedMs: 1_200, effectMs: 5_000 }];
    expect(recover(told, [outage({ untilMs: null })])).toEqual([{ ms: 3_000, ownMs: 3_000, stillMs: 2_100 }]);
  });

  it('is without the time for which the drill kept it away', () => {
    expect(recover([{ id: 'after', acknowledgedMs: 1_100, effectMs: 4_000 }], [outage({ what: 'temporal', untilMs: 3_500 })])).toEqual([
      { ms: 3_000, ownMs: 500, stillMs: 500 },
    ]);
  });

  it('counts such time where effects flow while it is away: they did not wait for it', () => {
    expect(recover([{ id: 'after', acknowledgedMs: 1_100, effectMs: 4_000 }], [outage({ untilMs: 9_000 })])).toEqual([
      { ms: 3_000, ownMs: 3_000, stillMs: 3_000 },
    ]);
  });

  it('is without the time for which a server was kept away meanwhile', () => {
    const servers = [
      outage({ what: 'postgres', fromMs: 1_500, untilMs: 2_500 }),
      outage({ what: 'temporal', fromMs: 2_000, untilMs: 3_000 }),
    ];
    expect(recover([{ id: 'after', acknowledgedMs: 1_100, effectMs: 4_000 }], [outage({}), ...servers])[0]).toMatchObject({
      ms: 3_000,
      ownMs: 1_000,
    });
  });

  it('takes no effect for proof whose event may have been taken before', () => {
    const told = [{ id: 'answer lost', acknowledgedMs: 3_000, effectMs: 1_100 }];
    expect(recover(told, [outage({})])).toEqual([{ ms: null, ownMs: null, stillMs: null }]);
  });
});
