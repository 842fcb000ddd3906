import { isJsonObject } from '../contracts/json.ts';
import type { JsonValue } from '../contracts/json.ts';
import { toAmount } from './_money.ts';
import type { Order } from './_order.ts';
import { asArray, asObject, firstOf, toCount, toIdText, toIsoTime } from './_payload.ts';
import { toDisplayText } from './_text.ts';
import type { Draft, MapContext } from './define-event.ts';

/**
 * Reads an order from a generic sender: flat (`order_id`, `customer_email`, `total_amount`, `items[]` with `sku`, `quantity`,
 * `price` …), nested as our own schema has it (`id`, `customer.email`, `total.amount`, `lines[]` …), or a mixture, where the
 * flat name wins. The id always gets the source's name in front, so that no source can write another system's orders.
 */
export function fromGenericOrder(payload: JsonValue, { source, occurredAt }: MapContext): Draft<Order> {
  const body = asObject(payload, '');
  const id = toIdText(firstOf(body, ['order_id', 'id']));
  if (id === undefined) throw new Error('expected a text or an integer below 2^53 at `/order_id` or `/id`');
  const customer = asObject(firstOf(body, ['customer']) ?? {}, '/customer');
  const total = firstOf(body, ['total_amount', 'total']);
  const currency = firstOf(body, ['currency']) ?? currencyOf(total) ?? null;
  const created = toIsoTime(firstOf(body, ['created_at', 'createdAt']), '/created_at', occurredAt.toISOString());
  return {
    id: `${source}:${id}`,
    number: toIdText(firstOf(body, ['order_number', 'number'])) ?? id,
    customer: {
      email: firstOf(body, ['customer_email']) ?? firstOf(customer, ['email']) ?? null,
      name: firstOf(body, ['customer_name']) ?? firstOf(customer, ['name']) ?? null,
    },
    lines: asArray(firstOf(body, ['items', 'lines']), '/items').map((item, index) => toLine(item, `/items/${index}`, currency)),
    total: { amount: amountOf(total), currency },
    createdAt: created,
    updatedAt: toIsoTime(firstOf(body, ['updated_at', 'updatedAt']), '/updated_at', created),
  };
}

function toLine(value: JsonValue, where: string, currency: JsonValue): Draft<Order['lines'][number]> {
  const item = asObject(value, where);
  const title = firstOf(item, ['name', 'title']);
  const sku =
    toIdText(firstOf(item, ['sku', 'product_id', 'id'])) ?? (typeof title === 'string' ? `title:${toDisplayText(title, 200)}` : undefined);
  if (sku === undefined) throw new Error(`expected a text or an integer below 2^53 at \`${where}/sku\``);
  const price = firstOf(item, ['price', 'unit_price', 'unitPrice']);
  return {
    sku,
    title: title ?? sku,
    quantity: toCount(firstOf(item, ['quantity', 'qty'])),
    unitPrice: price === undefined ? null : { amount: amountOf(price), currency: currencyOf(price) ?? currency },
  };
}

/** The amount of a number, a decimal text, or an object with `amount`; anything else as it is, for the schema to refuse. */
function amountOf(value: JsonValue | undefined): unknown {
  const plain = isJsonObject(value) ? firstOf(value, ['amount']) : value;
  return toAmount(plain) ?? plain;
}

function currencyOf(value: JsonValue | undefined): JsonValue | undefined {
  return isJsonObject(value) ? firstOf(value, ['currency']) : undefined;
}
