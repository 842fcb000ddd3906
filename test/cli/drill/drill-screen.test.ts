import { describe, expect, test } from 'vitest';
import { toDrillScreen } from '../../../src/cli/drill/drill-screen.ts';
import { toDrillVerdict } from '../../../src/cli/drill/to-drill-verdict.ts';
import type { Paint } from '../../../src/cli/table.ts';
import { answerOf, goodFacts, sentOf } from './good-facts.ts';

const plain: Paint = (_tone, text) => text;
const name = { drill: 'duplicate-storm', source: 'drills', seed: 7, stoppedEarly: false, idsBegin: 'drill-7-x-' };

describe('the verdict of a drill', () => {
  test('counts what was sent, answered, run and done', () => {
    expect(toDrillVerdict(goodFacts(), name)).toEqual({
      ...name,
      ok: true,
      counts: {
        sent: 3,
        acknowledged: 3,
        tries: 11,
        duplicates: 4,
        runs: { done: 2 },
        effects: { 'email.sendOrderConfirmation': 2, 'inventory.reserve': 2 },
      },
      ackMs: { p50: 4, p99: 40, max: 40 },
      violations: [],
      violationCount: 0,
    });
  });

  test('is a short table for a person, and says what stays behind', () => {
    expect(toDrillScreen(toDrillVerdict(goodFacts(), name), plain)).toBe(
      [
        'DUPLICATE-STORM  SOURCE DRILLS, SEED 7',
        'events           3 of 3 acknowledged',
        'posts            11, 4 answered `duplicate`',
        'answered within  p50 4 ms, p99 40 ms, at most 40 ms',
        'runs             2 done',
        'effects          4 of 2 actions',
        '',
        '✓ each acknowledged event stands once, with one run of each of its chains, and each effect once and dry',
        '',
        'What stays behind are rows: `hookline events --source drills --text drill-7-x-` lists them; they leave as `retention` says.',
      ].join('\n'),
    );
  });

  test('names what is wrong, some of it to a person and 100 things to a program, and never prints what it was sent raw', () => {
    const facts = goodFacts();
    const strangers = Array.from({ length: 120 }, (_none, index) => `e${index}`);
    const verdict = toDrillVerdict(
      {
        ...facts,
        sent: [...facts.sent, ...strangers.map((id) => sentOf(id))],
        answers: [
          ...facts.answers,
          ...strangers.map((id) => answerOf(id, { httpStatus: 401, status: 'refused', code: 'sig\u001b[2Jnature' })),
        ],
      },
      { ...name, stoppedEarly: true },
    );
    expect([verdict.ok, verdict.violationCount, verdict.violations.length]).toEqual([false, 240, 100]);
    const screen = toDrillScreen(verdict, plain);
    expect(screen).toContain('✗ 240 things are not as promised\n✗ answer.refused: e0: HTTP 401 sig�[2Jnature\n');
    expect(screen).toContain('\n  and 220 more\nThe first events were not treated as they should be, so nothing more was sent.\n');
  });
});
