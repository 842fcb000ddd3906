import type { LinkTo } from '../../admin/api/views/run-view.ts';
import { toPrintable } from '../../admin/printable.ts';
import { toTable, type Cell, type Paint } from '../table.ts';
import { toSpanText } from '../../admin/time-text.ts';
import { toStateCell } from '../tones.ts';
import type { DemoProblem } from './check-demo.ts';
import type { DemoTraces } from './demo-story.ts';
import type { DemoFacts, DemoStep } from './play-demo.ts';

/** What the demonstration shows. */
export interface DemoView {
  readonly facts: DemoFacts;
  readonly problems: readonly DemoProblem[];
  readonly linkTo: LinkTo;
}

/** What became of each webhook, story by story; what it left outside and in our own tables; and whatever is not as it should be. */
export function toDemoScreen(view: DemoView, paint: Paint): string {
  const { facts, problems } = view;
  return [
    ...titled('What became of each webhook', toStoryTable(view, paint), paint),
    ...toTraceTables(facts.traces).flatMap(({ title, head, rows }) => titled(title, toTable({ head, rows }, paint), paint)),
    '',
    ...(problems.length === 0
      ? [paint('good', '✓ all is as it should be')]
      : problems.map((problem) => paint('bad', toPrintable(toSentence(problem))))),
  ].join('\n');
}

function titled(title: string, table: string, paint: Paint): readonly string[] {
  return [`\n${paint('strong', title)}`, table];
}

/** The name of a story stands before the first of its webhooks. */
function toStoryTable(view: DemoView, paint: Paint): string {
  const rows = view.facts.stories.flatMap(({ story, steps }) =>
    steps.map((step, index) => {
      const [mark = '', ...cells] = toRow(step, view);
      return [mark, index === 0 ? ({ text: story.title, tone: 'strong' } as const) : '', ...cells];
    }),
  );
  return toTable({ head: ['', 'story', 'event', 'answer', 'chain', 'steps', 'outcome', 'time', 'temporal'], rows }, paint);
}

function toRow({ sent, answer, whole }: DemoStep, { facts, problems, linkTo }: DemoView): readonly Cell[] {
  const isWell = !problems.some((problem) => problem.of === sent.name);
  const { status, run: expected } = sent.expected;
  const answered = answer.kind === 'answered' ? `${answer.httpStatus} ${answer.status ?? ''}` : answer.reason;
  const begin: readonly Cell[] = [isWell ? { text: '✓', tone: 'good' } : { text: '✗', tone: 'bad' }, sent.name, answered];
  // a resend has made no run of its own: the row of the first one shows it
  const run = status === 'duplicate' ? undefined : whole?.runs[0];
  if (run === undefined || whole === null)
    return [...begin, '', '', status === 'refused' ? (facts.refused[0]?.code ?? '') : '', toSpanText(answer.durationMs)];
  const done = whole.effects.filter(({ state }) => state === 'done').length;
  const note = isWell ? expected?.note : undefined;
  const { text, ...tone } = toCellParts(toStateCell(run.state));
  return [
    ...begin,
    run.chain,
    `${done} of ${whole.effects.length}`,
    { ...tone, text: note === undefined ? text : `${text}: ${note}` },
    run.closedAt === null ? '' : toSpanText(run.closedAt.getTime() - whole.event.receivedAt.getTime()),
    linkTo(run) ?? run.workflowId,
  ];
}

function toCellParts(cell: Cell): Exclude<Cell, string> {
  return typeof cell === 'string' ? { text: cell, tone: 'strong' } : cell;
}

interface TraceTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

function toTraceTables({ mails, warehouse, notices, profiles }: DemoTraces): readonly TraceTable[] {
  return [
    { title: 'Mails', head: ['to', 'subject'], rows: mails.map(({ to, subject }) => [to, subject]) },
    {
      title: 'What the warehouse got',
      head: ['order', 'id', 'goods'],
      rows: warehouse.map(({ number, order, backordered }) => [number, order, backordered ? 'a part follows later' : 'whole']),
    },
    {
      title: 'What the team was told',
      head: ['ticket', 'escalation', 'why'],
      rows: notices.map(({ ticket, escalation, why }) => [ticket, String(escalation ?? ''), why ?? '']),
    },
    {
      title: 'What the CRM knows',
      head: ['customer', 'name', 'phone', 'changed'],
      rows: profiles.map(({ customer, name, phone, updatedAt }) => [customer, name ?? '', phone ?? '', updatedAt ?? '']),
    },
  ];
}

function toSentence({ of, expected, got }: DemoProblem): string {
  return `✗ ${of === undefined ? '' : `${of}: `}expected ${expected}; got ${got}`;
}
