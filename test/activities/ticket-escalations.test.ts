import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answeredAtOf, isEscalated, untoldEscalations } from '../../src/activities/ticket-escalations.ts';

describe('isEscalated', () => {
  it.each([
    ['low', [], false],
    ['normal', ['vip'], false],
    ['high', [], true],
    ['urgent', [], true],
    [null, [], false],
    [null, ['vip', 'escalated'], true],
    ['low', ['Escalated'], true],
    ['low', ['de-escalated'], false],
  ] as const)('a ticket of priority %s with tags %j: %s', (priority, tags, escalated) => {
    expect(isEscalated({ priority, tags: [...tags] })).toBe(escalated);
  });
});

describe('answeredAtOf', () => {
  const updatedAt = '2026-01-01T00:10:00.000Z';
  it.each([
    ['ticket.updated', 'open', null, null],
    ['ticket.updated', 'hold', null, null],
    ['ticket.updated', 'pending', null, updatedAt],
    ['ticket.updated', 'solved', null, updatedAt],
    ['ticket.created', 'solved', null, null],
    ['ticket.created', 'new', '2026-01-01T00:05:00.000Z', '2026-01-01T00:05:00.000Z'],
    ['ticket.updated', 'solved', '2026-01-01T00:05:00.000Z', '2026-01-01T00:05:00.000Z'],
  ] as const)('%s in state %s that names %s: %s', (type, status, firstAnsweredAt, answeredAt) => {
    expect(answeredAtOf({ status, firstAnsweredAt, updatedAt }, type)).toBe(answeredAt);
  });
});

interface Change {
  readonly at: number;
  readonly escalated: boolean;
  readonly escalation: number | null;
}

/** What the rows of a ticket are after changes have arrived, each of which is followed as the support agent does. */
function arrive(arrivals: readonly Omit<Change, 'escalation'>[]): { readonly rows: readonly Change[]; readonly told: readonly number[] } {
  let rows: readonly Change[] = [];
  const told: number[] = [];
  for (const arrival of arrivals) {
    if (!rows.some(({ at }) => at === arrival.at)) rows = [...rows, { ...arrival, escalation: null }].sort((a, b) => a.at - b.at);
    const claims = untoldEscalations(rows);
    told.push(...claims.map(({ escalation }) => escalation));
    rows = rows.map((row) => ({ ...row, escalation: claims.find(({ change }) => change === row)?.escalation ?? row.escalation }));
  }
  return { rows, told };
}

const ups = (text: string): readonly Omit<Change, 'escalation'>[] =>
  text.split('').map((letter, at) => ({ at, escalated: letter === 'U' }));

describe('untoldEscalations', () => {
  it.each([
    ['', 0],
    ['d', 0],
    ['U', 1],
    ['dU', 1],
    ['UUU', 1],
    ['UdU', 2],
    ['dUUdddUdU', 3],
  ])('of %j, U for up and d for down, are %i', (text, count) => {
    expect(arrive(ups(text)).told).toEqual(Array.from({ length: count }, (_item, index) => index + 1));
  });

  it('are told once where the start of one is found out late', () => {
    const [first, second, third] = ups('UdU') as [Change, Change, Change];
    expect(arrive([third, first]).told).toEqual([1]);
    expect(arrive([third, first, second]).told).toEqual([1, 2]);
    expect(arrive([third, first, second]).rows.map(({ escalation }) => escalation)).toEqual([2, null, 1]);
  });

  it('are as many, with each number once, in any order and number of copies of the changes', () => {
    const changes = fc.array(fc.boolean(), { maxLength: 12 }).map((all) => all.map((escalated, at) => ({ at, escalated })));
    fc.assert(
      fc.property(
        changes.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }), fc.array(fc.nat(), { maxLength: 8 })),
        ),
        ([all, shuffled, copies]) => {
          const copied = copies.reduce(
            (arrivals, pick) =>
              arrivals.toSpliced(pick % (arrivals.length + 1), 0, ...arrivals.slice(pick % Math.max(1, arrivals.length)).slice(0, 1)),
            shuffled,
          );
          const inOrder = arrive(all);
          const inDisorder = arrive(copied);
          expect(inDisorder.told).toEqual(inOrder.told);
          expect(inDisorder.told).toEqual(inDisorder.told.map((_number, index) => index + 1));
        },
      ),
      { numRuns: 2_000, seed: 4 },
    );
  });
});
