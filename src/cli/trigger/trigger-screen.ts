import type { EventListView } from '../../admin/api/views/event-view.ts';
import { toPrintable } from '../../admin/printable.ts';
import { toTable, type Cell, type Paint, type Tone } from '../table.ts';
import { toSpanText } from '../../admin/time-text.ts';
import { toStateCell } from '../tones.ts';
import type { WebhookAnswer } from './post-webhook.ts';

const TONES: Readonly<Record<string, Tone>> = {
  accepted: 'good',
  duplicate: 'faint',
  ignored: 'faint',
  held: 'busy',
  quarantined: 'bad',
  refused: 'bad',
};
const STATUS_WIDTH = 11;

/** An answer, as one JSON line tells it. */
export function toAnswerView(answer: WebhookAnswer, source: string): object {
  if (answer.kind === 'unreachable') return { source, httpStatus: null, error: answer.reason, durationMs: Math.round(answer.durationMs) };
  const { httpStatus, status, code, eventId, durationMs } = answer;
  return { source, httpStatus, status, code, eventId, durationMs: Math.round(durationMs) };
}

/** An answer in one line: HTTP status, ours, the event's id or the cause, how long it took. */
export function toAnswerLine(answer: WebhookAnswer, paint: Paint): string {
  const took = toSpanText(answer.durationMs);
  if (answer.kind === 'unreachable')
    return `---  ${paint('bad', 'no answer'.padEnd(STATUS_WIDTH))}  ${toPrintable(answer.reason)}  ${took}`;
  const { httpStatus, status, code, eventId } = answer;
  const word = toPrintable(status ?? '-').padEnd(STATUS_WIDTH);
  return [
    String(httpStatus),
    paint(TONES[status ?? ''] ?? (isSuccess(httpStatus) ? 'good' : 'bad'), word),
    toPrintable(eventId ?? code ?? '-'),
    took,
  ].join('  ');
}

/** Whether a listener that is none of Hookline's says that it has taken something: any 2xx. */
export function isSuccess(httpStatus: number): boolean {
  return httpStatus >= 200 && httpStatus < 300;
}

/** How the runs of events have ended, one line each, with where to look at them. */
export function toOutcomeTable(events: readonly EventListView[], paint: Paint): string {
  const rows = events.flatMap(({ eventId, state, code, runs }): readonly (readonly Cell[])[] =>
    runs.length === 0
      ? [[eventId, '', toStateCell(state), code ?? '']]
      : runs.map((run) => [eventId, run.chain, toStateCell(run.state), run.code ?? '', run.temporalUrl ?? run.workflowId]),
  );
  return toTable({ head: ['event id', 'chain', 'state', 'code', 'temporal'], rows }, paint);
}
