import { atPointer, isJsonObject, type JsonObject, type JsonValue } from '../../../contracts/json.ts';
import { SOLD_OUT_SKU } from '../../../runtime/sample-stock.ts';
import type { DemoRun, DemoStory, DemoTraces } from '../demo-story.ts';

/** An order of the demonstration. */
export interface DemoOrder {
  /** With its system. */
  readonly id: string;
  readonly number: string;
  readonly to: string;
  readonly total: number;
  /** No sku twice, none to be sold out but `SOLD_OUT_SKU`. */
  readonly lines: readonly DemoLine[];
}

/** A line of it. */
export interface DemoLine {
  readonly sku: string;
  readonly quantity: number;
}

/** The lines that stand at a place of a sample. */
export function linesAt(body: JsonObject, pointer: string): readonly DemoLine[] {
  const items = atPointer(body, pointer);
  return (Array.isArray(items) ? (items as readonly JsonValue[]) : []).flatMap((item) => {
    const { sku, quantity } = isJsonObject(item) ? item : {};
    return typeof sku === 'string' && typeof quantity === 'number' ? [{ sku, quantity }] : [];
  });
}

/** What the chain `new-order` has to do with an order. */
export function newOrderRun({ lines }: DemoOrder): DemoRun {
  const backordered = isBackordered(lines);
  return {
    chain: 'new-order',
    effects: [
      ['inventory.reserve', 0],
      ['email.sendOrderConfirmation', 1],
      ['fulfilment.notifyWarehouse', 1],
      ['analytics.record', 0],
    ],
    result: {
      backordered,
      lines: lines
        .map(({ sku, quantity }) => ({ sku, wanted: quantity, held: sku === SOLD_OUT_SKU ? 0 : quantity }))
        .sort((a, b) => (a.sku < b.sku ? -1 : 1)),
    },
    ...(backordered ? { note: 'a part follows later' } : {}),
  };
}

/** What orders leave behind, and take from the stock; `paid` where one payment has paid each. */
export function toOrderTraces(
  orders: readonly DemoOrder[],
  { paid }: { readonly paid: boolean },
): Required<Pick<DemoStory, 'takes'>> & { readonly leaves: Pick<DemoTraces, 'mails' | 'warehouse' | 'orders' | 'counted'> } {
  const takes: Record<string, number> = {};
  for (const { sku, quantity } of orders.flatMap(({ lines }) => lines)) if (sku !== SOLD_OUT_SKU) takes[sku] = (takes[sku] ?? 0) + quantity;
  return {
    takes,
    leaves: {
      mails: orders.map(({ to, number, lines }) => ({
        to,
        subject: `Order ${number}${isBackordered(lines) ? ' — part of it follows later' : ' confirmed'}`,
      })),
      warehouse: orders.map(({ id, number, lines }) => ({ order: id, number, backordered: isBackordered(lines) })),
      orders: orders.map(({ id, lines, total }) => ({
        order: id,
        status: isBackordered(lines) ? 'backordered' : 'reserved',
        paid: paid ? total : null,
        payments: paid ? 1 : 0,
      })),
      counted: orders.flatMap(({ id, total }) =>
        ['order_created', ...(paid ? ['order_paid'] : [])].map((name) => ({ name, subject: id, value: total, currency: 'EUR' })),
      ),
    },
  };
}

function isBackordered(lines: readonly DemoLine[]): boolean {
  return lines.some(({ sku }) => sku === SOLD_OUT_SKU);
}
