import type { RefusalCount } from '../store/deliveries.ts';
import type { DeliveryView } from '../admin/api/views/delivery-view.ts';
import { toFacts } from './facts.ts';
import { toTable, type Cell, type Paint } from './table.ts';
import { toTimeText } from '../admin/time-text.ts';
import { toStateCell } from './tones.ts';

/** A list of deliveries, one line each. */
export function toDeliveryTable(deliveries: readonly DeliveryView[], paint: Paint): string {
  const head = ['time', 'source', 'outcome', 'status', 'cause', 'bytes', 'event ids', 'delivery id'];
  const rows = deliveries.map(
    ({ receivedAt, source, outcome, httpStatus, code, bodyBytes, bodyDiffers, eventIds, id }): readonly Cell[] => [
      toTimeText(receivedAt),
      source,
      toStateCell(outcome),
      String(httpStatus),
      code ?? (bodyDiffers ? 'another body' : ''),
      String(bodyBytes),
      eventIds.join(', '),
      id,
    ],
  );
  return toTable({ head, rows }, paint);
}

/** Everything that is known of one delivery, but its body. */
export function toDeliveryScreen(delivery: DeliveryView, paint: Paint): string {
  const { secretIndex, code, detail } = delivery;
  const facts: readonly (readonly [string, Cell])[] = [
    ['delivery', delivery.id],
    ['source', delivery.source],
    ['received', toTimeText(delivery.receivedAt)],
    ['from', delivery.remoteAddress ?? ''],
    ['outcome', toStateCell(delivery.outcome)],
    ['answered', String(delivery.httpStatus)],
    ['cause', code === null ? '' : `${code}${detail === null ? '' : `: ${detail}`}`],
    ['signed by', secretIndex === null ? '' : `secret ${secretIndex + 1} of the source`],
    ['event ids', delivery.eventIds.join(', ')],
    ['body', `${delivery.bodyBytes} bytes, sha256 ${delivery.bodySha256}${delivery.bodyDiffers ? ', not that of the first delivery' : ''}`],
  ];
  const headers = delivery.headers.map(([name, value]) => [`  ${name}`, value] as const);
  return [toFacts(facts, paint), ...(headers.length === 0 ? [] : [`${paint('strong', 'Headers')}\n${toFacts(headers, paint)}`])].join(
    '\n\n',
  );
}

/** Refusals that were only counted, one line each. */
export function toCountTable(counts: readonly RefusalCount[], paint: Paint): string {
  const head = ['minute', 'source', 'cause', 'refused'];
  const rows = counts.map(({ minute, source, code, count }): readonly Cell[] => [toTimeText(minute), source, code, String(count)]);
  return toTable({ head, rows }, paint);
}
