import { isJsonObject } from '../contracts/json.ts';
import type { JsonObject, JsonValue } from '../contracts/json.ts';
import { toAmount } from './_money.ts';
import type { Order } from './_order.ts';
import { asArray, asObject, firstOf, toIdText, toIsoTime } from './_payload.ts';
import { toDisplayText } from './_text.ts';
import type { Draft, MapContext } from './define-event.ts';

const ORDER_GID = /^gid:\/\/shopify\/Order\/(\d{1,20})$/;

/**
 * Reads an order of Shopify's REST shape, which its webhooks carry (shopify.dev, Order resource). A line without a SKU gets
 * `variant:<variant id>`, else `title:<title>`; lines of quantity 0 are left out. The amounts are those of the shop's currency.
 */
export function fromShopifyOrder(payload: JsonValue, { occurredAt }: MapContext): Draft<Order> {
  const body = asObject(payload, '');
  const customer = asObject(firstOf(body, ['customer']) ?? {}, '/customer');
  const currency = firstOf(body, ['currency']) ?? null;
  const id = orderId(body);
  const created = toIsoTime(firstOf(body, ['created_at']), '/created_at', occurredAt.toISOString());
  return {
    id: `shopify:${id}`,
    number: firstOf(body, ['name']) ?? `#${toIdText(firstOf(body, ['order_number'])) ?? id}`,
    customer: {
      email: firstOf(body, ['email', 'contact_email']) ?? firstOf(customer, ['email']) ?? null,
      name: nameOf(customer) ?? addressee(body) ?? null,
    },
    lines: asArray(firstOf(body, ['line_items']), '/line_items')
      .map((item, index) => ({ item: asObject(item, `/line_items/${index}`), where: `/line_items/${index}` }))
      .filter(({ item }) => item['quantity'] !== 0)
      .map(({ item, where }) => toLine(item, where, currency)),
    total: { amount: amountOf(firstOf(body, ['total_price'])), currency },
    createdAt: created,
    updatedAt: toIsoTime(firstOf(body, ['updated_at']), '/updated_at', created),
  };
}

/** Shopify's test orders have ids above 2^53, which JSON.parse rounds; the GraphQL id has every digit. */
function orderId(body: JsonObject): string {
  const gid = firstOf(body, ['admin_graphql_api_id']);
  const id = toIdText(firstOf(body, ['id'])) ?? (typeof gid === 'string' ? ORDER_GID.exec(gid)?.[1] : undefined);
  if (id === undefined) throw new Error('expected an integer below 2^53 at `/id`, or a GraphQL id at `/admin_graphql_api_id`');
  return id;
}

function toLine(item: JsonObject, where: string, currency: JsonValue): Draft<Order['lines'][number]> {
  const title = firstOf(item, ['title', 'name']);
  const variant = toIdText(firstOf(item, ['variant_id']));
  const price = firstOf(item, ['price']);
  const sku =
    firstOf(item, ['sku']) ??
    (variant === undefined ? undefined : `variant:${variant}`) ??
    (typeof title === 'string' ? `title:${toDisplayText(title, 200)}` : undefined);
  if (sku === undefined) throw new Error(`expected \`sku\`, \`variant_id\` or \`title\` at \`${where}\``);
  return {
    sku,
    title: title ?? sku,
    quantity: firstOf(item, ['quantity']),
    unitPrice: price === undefined ? null : { amount: amountOf(price), currency },
  };
}

function amountOf(value: JsonValue | undefined): unknown {
  return toAmount(value) ?? value;
}

function nameOf(person: JsonObject): string | undefined {
  const names = [firstOf(person, ['first_name']), firstOf(person, ['last_name'])].filter((name) => typeof name === 'string');
  return names.length === 0 ? undefined : names.join(' ');
}

function addressee(body: JsonObject): JsonValue | undefined {
  const address = firstOf(body, ['billing_address', 'shipping_address']);
  return isJsonObject(address) ? firstOf(address, ['name']) : undefined;
}
