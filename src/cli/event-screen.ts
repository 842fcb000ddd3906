import type { EntityKey } from '../contracts/webhook.ts';
import { toDeliveryTable } from './delivery-screen.ts';
import type { EventListView, WholeEventView } from '../admin/api/views/event-view.ts';
import type { RunView } from '../admin/api/views/run-view.ts';
import { toFacts } from './facts.ts';
import { toPrintable } from '../admin/printable.ts';
import { toTable, type Cell, type Paint } from './table.ts';
import { toSpanText, toTimeText } from '../admin/time-text.ts';
import { toEffectCell, toRunCell, toStateCell } from './tones.ts';

/** A list of events, one line each. */
export function toEventTable(events: readonly EventListView[], paint: Paint): string {
  const head = ['time', 'source', 'type', 'entity', 'event id', 'state', 'runs'];
  const rows = events.map(({ receivedAt, source, type, entity, eventId, state, test, code, runs }): readonly Cell[] => [
    toTimeText(receivedAt),
    source,
    test ? `${type} (test)` : type,
    toEntityText(entity),
    eventId,
    toStateCell(state),
    code ?? runs.map((run) => [run.chain, run.state, run.code ?? ''].join(' ').trim()).join(', '),
  ]);
  return toTable({ head, rows }, paint);
}

/** Everything that is known of one event. */
export function toEventScreen({ event, runs, effects, deliveries }: WholeEventView, paint: Paint): string {
  const complaint = event.code === null ? '' : `${event.code}${event.detail === null ? '' : `: ${event.detail}`}`;
  const facts = toFacts(
    [
      ['event', event.eventId],
      ['uuid', event.uuid],
      ["provider's id", event.providerId === event.eventId ? '' : event.providerId],
      ['source', `${event.source} (${event.provider})`],
      ['type', `${event.type}${event.type === event.providerType ? '' : ` (${event.providerType})`}${event.test ? ', test traffic' : ''}`],
      ['entity', toEntityText(event.entity)],
      ['occurred', toTimeText(event.occurredAt)],
      ['received', toTimeText(event.receivedAt)],
      ['state', toStateCell(event.state)],
      ['why', complaint],
      ['same body as', event.sameBodyAs ?? ''],
      ['body', event.bodyGone ? 'no longer kept, nor are the data' : ''],
    ],
    paint,
  );
  const parts = [
    facts,
    section('Runs', runs.length === 0 ? '' : [toRunTable(runs, paint), ...runs.flatMap(toDetail)].join('\n'), paint),
    section('Effects', effects.length === 0 ? '' : toEffectTable(effects, paint), paint),
    section('Deliveries', toDeliveryTable(deliveries, paint), paint),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** Runs, one line each, with where to look at them. */
export function toRunTable(runs: readonly RunView[], paint: Paint): string {
  const head = ['chain', 'state', 'attempt', 'took', 'code', 'temporal'];
  const rows = runs.map((run): readonly Cell[] => [
    run.chain,
    toRunCell(run),
    String(run.attempt),
    toTookText(run),
    run.code ?? '',
    run.temporalUrl ?? run.workflowId,
  ]);
  return toTable({ head, rows }, paint);
}

/** Effects, one line each; their ledger only where there are several. */
export function toEffectTable(effects: WholeEventView['effects'], paint: Paint): string {
  const isOne = new Set(effects.map(({ ledger }) => ledger)).size < 2;
  const head = [...(isOne ? [] : ['ledger']), 'action', 'key', 'round', 'state', 'sends', 'detail'];
  const rows = effects.map(({ ledger, action, key, round, state, dry, sends, detail }): readonly Cell[] => [
    ...(isOne ? [] : [ledger]),
    action,
    key,
    String(round),
    toEffectCell({ state, dry }),
    String(sends),
    detail ?? '',
  ]);
  return toTable({ head, rows }, paint);
}

function toTookText({ state, startedAt, closedAt }: RunView): string {
  const isClosed = state === 'done' || state === 'failed' || state === 'stopped';
  return isClosed && startedAt !== null && closedAt !== null ? toSpanText(closedAt.getTime() - startedAt.getTime()) : '';
}

function toDetail({ chain, detail }: RunView): readonly string[] {
  return detail === null ? [] : [toPrintable(`${chain}: ${detail}`)];
}

function section(title: string, text: string, paint: Paint): string {
  return text === '' ? '' : `${paint('strong', title)}\n${text}`;
}

function toEntityText(entity: EntityKey | null): string {
  return entity === null ? '' : `${entity.type} ${entity.id}`;
}
