import type { DemoProblem } from '../../src/cli/demo/check-demo.ts';
import type { DemoFacts } from '../../src/cli/demo/play-demo.ts';
import { toTable, type Paint } from '../../src/cli/table.ts';
import { DIFFERENCES } from './differences.ts';
import type { SecondRound } from './second-round.ts';

/** What was played, and what became of it. */
export interface Played {
  readonly facts: DemoFacts;
  readonly problems: readonly DemoProblem[];
  readonly second: SecondRound;
  readonly durationS: number;
}

interface Line {
  readonly what: string;
  readonly expected: number;
  readonly got: number;
}

/** Whether all is as it should be. */
export function isWell(played: Played): boolean {
  return played.problems.length === 0 && toLines(played).every(({ expected, got }) => expected === got);
}

/** As one JSON document. */
export function toTopologyDocument(played: Played): object {
  const { problems, second, durationS } = played;
  return { ok: isWell(played), checks: toLines(played), problems, settled: second.settled, durationS, differences: DIFFERENCES };
}

/** As a short table, with whatever is wrong below it, and how it differs from compose. */
export function toTopologyScreen(played: Played, paint: Paint): string {
  const { problems, second, durationS } = played;
  const rows = toLines(played).map(({ what, expected, got }) => [
    expected === got ? ({ text: '✓', tone: 'good' } as const) : ({ text: '✗', tone: 'bad' } as const),
    what,
    String(expected),
    String(got),
  ]);
  return [
    toTable({ head: ['', 'what', 'expected', 'got'], rows }, paint),
    ...problems.map(({ of, expected, got }) => paint('bad', `✗ ${of === undefined ? '' : `${of}: `}expected ${expected}; got ${got}`)),
    '',
    `${second.settled} mails of which nobody knew were settled as a person would. It took ${durationS} s.`,
    'Not as in docker-compose.yml:',
    ...DIFFERENCES.map((difference) => `- ${difference}`),
  ].join('\n');
}

function toLines({ facts, problems, second }: Played): readonly Line[] {
  const steps = facts.stories.flatMap((story) => story.steps);
  const wrong = new Set(problems.map(({ of }) => of));
  return [
    {
      what: 'demonstration: webhooks with just the runs and effects that they call for',
      expected: steps.length,
      got: steps.filter(({ sent }) => !wrong.has(sent.name)).length,
    },
    { what: 'demonstration: stories', expected: facts.stories.length, got: wrong.has(undefined) ? 0 : facts.stories.length },
    { what: 'second round: orders answered 200 at the first try, an ingress killed', expected: second.sent, got: second.atFirstTry },
    { what: 'second round: orders with one run that is done, a worker killed', expected: second.sent, got: second.done },
    { what: 'second round: orders that the API of operators lists', expected: second.sent, got: second.listed },
    { what: 'second round: orders confirmed by another number of mails than one', expected: 0, got: second.mailedWrongly },
    { what: 'second round: orders handed to the warehouse not once', expected: 0, got: second.handedOverWrongly },
    { what: 'second round: articles taken from the stock', expected: second.ordered, got: second.taken },
    { what: 'second round: effects in the ledger that are open, or stand twice', expected: 0, got: second.wrongEffects },
  ];
}
