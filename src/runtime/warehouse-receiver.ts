import { createHmac, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';

import { isJsonObject, type JsonObject, type JsonValue } from '../contracts/json.ts';
import type { Log } from '../contracts/names.ts';
import { html, toDocument } from './mail-catcher/html.ts';
import { toLocalTime } from './mail-catcher/local-time.ts';
import { json, page, serveLocally, text, type LocalReply, type LocalRequest } from './mail-catcher/local-server.ts';
import { STYLE } from './mail-catcher/style.ts';
import { openWarehouseBook, type WarehouseOrder } from './warehouse-book.ts';

export type { WarehouseOrder } from './warehouse-book.ts';

const BODY_LIMIT_BYTES = 1024 * 1024;
/** Standard Webhooks 1.0: how far the signed time may be from ours. */
const TOLERANCE_S = 300;

/** Options of `startWarehouse`. */
export interface WarehouseOptions {
  /** Folder of `orders.jsonl`, made when missing. */
  readonly dir: string;
  /** @default a free one */
  readonly port?: number | undefined;
  /** `whsec_` and base64. */
  readonly secret: string;
  readonly log: Log;
  readonly now: () => Date;
}

/** A running warehouse. */
export interface Warehouse {
  /** Its page. */
  readonly url: string;
  /** Where orders are posted. */
  readonly ordersUrl: string;
  readonly port: number;
  /** Oldest first. */
  orders(): readonly WarehouseOrder[];
  close(): Promise<void>;
}

/**
 * Starts a stand-in for a warehouse on loopback: `POST /orders` takes orders signed by Standard Webhooks (HMAC-SHA256, 300 s
 * tolerance), each `webhook-id` once, on disk before the 200; `GET /orders` and `/` show them. Answers 401 for a signature
 * that is wrong, missing or old, 400 for what is no JSON object, 413 above 1 MiB.
 */
export async function startWarehouse({ dir, port, secret, log, now }: WarehouseOptions): Promise<Warehouse> {
  const book = await openWarehouseBook(join(dir, 'orders.jsonl'));
  const receive = async (request: LocalRequest): Promise<LocalReply> => {
    const body = await request.body(BODY_LIMIT_BYTES);
    if (body === null) return json(413, { error: 'the order is larger than 1 MiB' });
    const complaint = verify({ headers: request.headers, body, secret, now: now() });
    if (complaint !== null) return json(401, { error: complaint });
    const order = toObject(body);
    if (order === null) return json(400, { error: 'the order is not a JSON object' });
    const id = String(request.headers['webhook-id']);
    const written = await book.write({ id, receivedAt: now().toISOString(), order });
    log.info({ component: 'warehouse', outcome: written, bytes: body.byteLength }, 'the warehouse got an order');
    return json(200, { status: written });
  };

  const server = await serveLocally({
    port,
    log,
    component: 'warehouse',
    handle: async (request) => {
      const { method, path } = request;
      if (path === '/orders' && method === 'POST') return receive(request);
      if (method !== 'GET')
        return { ...text(405, 'POST /orders or GET'), headers: { allow: path === '/orders' ? 'GET, HEAD, POST' : 'GET, HEAD' } };
      if (path === '/orders') return json(200, book.orders());
      if (path === '/style.css') return { status: 200, type: 'text/css; charset=utf-8', body: STYLE };
      return path === '/' ? page(200, toPage(book.orders())) : text(404, 'there is no such page');
    },
  }).catch(async (error: unknown) => {
    await book.close();
    throw error;
  });
  log.info({ component: 'warehouse', port: server.port, url: server.url }, 'the warehouse is ready');
  return {
    url: server.url,
    ordersUrl: `${server.url}/orders`,
    port: server.port,
    orders: () => book.orders(),
    async close() {
      await server.close();
      await book.close();
    },
  };
}

/** Null, or what is wrong with the signature. Of several signatures one that is right will do. */
function verify({
  headers,
  body,
  secret,
  now,
}: {
  readonly headers: LocalRequest['headers'];
  readonly body: Buffer;
  readonly secret: string;
  readonly now: Date;
}): string | null {
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => headers[name]);
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string' || id === '')
    return 'a header of webhook-id, webhook-timestamp, webhook-signature is missing';
  if (!/^\d{1,12}$/.test(timestamp)) return 'webhook-timestamp is not a time in seconds';
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
  const matches = signatures.split(' ').some((signature) => {
    const got = Buffer.from(signature.startsWith('v1,') ? signature.slice(3) : '', 'base64');
    return got.byteLength === expected.byteLength && timingSafeEqual(got, expected);
  });
  if (!matches) return 'no signature is right';
  const ageS = Math.abs(now.getTime() / 1000 - Number(timestamp));
  return ageS > TOLERANCE_S ? `webhook-timestamp is more than ${TOLERANCE_S} s away` : null;
}

function toObject(body: Buffer): JsonObject | null {
  try {
    const value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as JsonValue; // JSON.parse returns just that
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}

function toPage(orders: readonly WarehouseOrder[]): string {
  const rows = orders.toReversed().map(
    ({ id, receivedAt, order }) =>
      html`<tr class="row">
        <td class="when faint"><time datetime="${receivedAt}">${toLocalTime(receivedAt)}</time></td>
        <td>
          <span class="mono faint">${id}</span>
          <pre class="mono">${JSON.stringify(order, null, 2)}</pre>
        </td>
      </tr>`,
  );
  const count = orders.length === 1 ? '1 order' : `${orders.length} orders`;
  return toDocument({
    title: `Warehouse · ${count} · Hookline`,
    head: html`<meta http-equiv="refresh" content="5" />`,
    body: html`<main>
      <header class="bar">
        <h1>Warehouse</h1>
        <span class="faint">${count} to pack; a stand-in for a real one, on this machine only</span>
      </header>
      <div class="sheet">
        ${
          rows.length === 0
            ? html`<p class="empty">No order yet. What the chains hand over appears here by itself.</p>`
            : html`<table>
                <thead>
                  <tr>
                    <th class="when">Received</th>
                    <th>Order</th>
                  </tr>
                </thead>
                <tbody>
                  ${rows}
                </tbody>
              </table>`
        }
      </div>
    </main>`,
  });
}
