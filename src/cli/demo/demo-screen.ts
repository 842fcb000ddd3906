import { atPointer } from '../../contracts/json.ts';
import type { LinkTo } from '../event-view.ts';
import { toPrintable } from '../printable.ts';
import { toTable, type Cell, type Paint } from '../table.ts';
import { toSpanText } from '../times.ts';
import { toStateCell } from '../tones.ts';
import type { DemoProblem } from './check-demo.ts';
import type { DemoFacts, DemoStep } from './play-demo.ts';

/** What the demonstration shows. */
export interface DemoView {
  readonly facts: DemoFacts;
  readonly problems: readonly DemoProblem[];
  readonly linkTo: LinkTo;
}

/** What became of each webhook, the mails, the warehouse's orders, and whatever is not as it should be. */
export function toDemoScreen({ facts, problems, linkTo }: DemoView, paint: Paint): string {
  const title = (text: string): string => `\n${paint('strong', text)}`;
  const mails = facts.mails.toReversed().map(({ to, subject }): readonly Cell[] => [to, subject]);
  const orders = facts.warehouse.map(({ order }): readonly Cell[] => [
    textAt(order, '/order/number'),
    textAt(order, '/order/id'),
    atPointer(order, '/backordered') === true ? 'a part follows later' : 'whole',
  ]);
  return [
    title('What became of each webhook'),
    toTable(
      {
        head: ['', 'event', 'answer', 'chain', 'steps', 'outcome', 'time', 'temporal'],
        rows: facts.steps.map((step) => toRow(step, { facts, problems, linkTo })),
      },
      paint,
    ),
    title('Mails'),
    toTable({ head: ['to', 'subject'], rows: mails }, paint),
    title('What the warehouse got'),
    toTable({ head: ['order', 'id', 'goods'], rows: orders }, paint),
    '',
    ...(problems.length === 0
      ? [paint('good', '✓ all is as it should be')]
      : problems.map((problem) => paint('bad', toPrintable(toSentence(problem))))),
  ].join('\n');
}

/** The same as one JSON document. */
export function toDemoDocument({ facts, problems, linkTo }: DemoView): object {
  return {
    ok: problems.length === 0,
    webhooks: facts.steps.map(({ sent, answer, whole }) => ({
      name: sent.name,
      source: sent.source,
      answer,
      state: whole?.event.state ?? null,
      runs:
        whole?.runs.map((run) => ({
          chain: run.chain,
          state: run.state,
          attempt: run.attempt,
          code: run.code,
          temporalUrl: linkTo(run),
        })) ?? [],
      effects: whole?.effects.map(({ action, state, sends }) => ({ action, state, sends })) ?? [],
    })),
    mails: facts.mails.map(({ to, subject }) => ({ to, subject })),
    warehouse: facts.warehouse.map(({ id, order }) => ({
      id,
      order: textAt(order, '/order/id'),
      backordered: atPointer(order, '/backordered') === true,
    })),
    problems,
  };
}

function toRow({ sent, answer, whole }: DemoStep, { facts, problems, linkTo }: DemoView): readonly Cell[] {
  const isWell = !problems.some((problem) => problem.of === sent.name);
  const answered = answer.kind === 'answered' ? `${answer.httpStatus} ${answer.status ?? ''}` : answer.reason;
  // a resend has made no run of its own: the row of the first one shows it
  const run = sent.expected.status === 'duplicate' ? undefined : whole?.runs[0];
  const done = whole?.effects.filter(({ state }) => state === 'done').length ?? 0;
  const mark: Cell = isWell ? { text: '✓', tone: 'good' } : { text: '✗', tone: 'bad' };
  if (run === undefined || whole === null) {
    const cause = sent.expected.status === 'refused' ? (facts.refused[0]?.code ?? '') : '';
    return [mark, sent.name, answered, '', '', cause, toSpanText(answer.durationMs)];
  }
  return [
    mark,
    sent.name,
    answered,
    run.chain,
    `${done} of ${whole.effects.length}`,
    toStateCell(run.state),
    run.closedAt === null ? '' : toSpanText(run.closedAt.getTime() - whole.event.receivedAt.getTime()),
    linkTo(run) ?? run.workflowId,
  ];
}

function toSentence({ of, expected, got }: DemoProblem): string {
  return `✗ ${of === undefined ? '' : `${of}: `}expected ${expected}; got ${got}`;
}

function textAt(order: Parameters<typeof atPointer>[0], pointer: string): string {
  const value = atPointer(order, pointer);
  return typeof value === 'string' ? value : '';
}
