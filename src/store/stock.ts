import type { Queryable } from './pool.ts';

/** Goods of one kind that are on hand and held by nobody. */
export interface StockLevel {
  readonly sku: string;
  readonly available: number;
}

/** What an order wants of one kind of goods, and what of it is held. */
export interface HeldLine {
  readonly sku: string;
  readonly wanted: number;
  readonly held: number;
}

/** What is held for an order. */
export interface Reservation {
  /** One line for each sku, sorted by it. */
  readonly lines: readonly HeldLine[];
  /** True where something wanted is not held. */
  readonly backordered: boolean;
}

/** An order's wish. */
export interface ReserveOptions {
  /** With the system it comes from: `shopify:1001`. */
  readonly orderId: string;
  /** The event whose run will hold it. */
  readonly eventUuid: string;
  /** Quantities of one sku in several lines are added up; each is a whole number from 1. */
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
}

// The rows of the order come first: they are what a second event of the same order waits for. Both this and the goods' rows
// are taken in order of their sku, so that two orders can never wait for each other in a ring.
const CLAIM = `
INSERT INTO reservations (order_id, sku, wanted, held, event_uuid)
SELECT $1, sku, wanted, 0, $2 FROM unnest($3::text[], $4::int[]) AS t (sku, wanted) ORDER BY sku COLLATE "C"
ON CONFLICT (order_id, sku) DO NOTHING RETURNING sku`;

const TAKE = `
WITH goods AS (
  SELECT s.sku, s.available, least(s.available, r.wanted) AS take
  FROM stock s JOIN reservations r ON r.sku = s.sku
  WHERE r.order_id = $1 AND r.sku = ANY ($2::text[])
  ORDER BY s.sku COLLATE "C" FOR UPDATE OF s
), taken AS (
  UPDATE stock s SET available = g.available - g.take FROM goods g WHERE s.sku = g.sku AND g.take > 0
), held AS (
  UPDATE reservations r SET held = g.take FROM goods g WHERE r.order_id = $1 AND r.sku = g.sku AND g.take > 0
)
SELECT r.sku, coalesce(g.take, r.held) AS held FROM reservations r LEFT JOIN goods g ON g.sku = r.sku WHERE r.order_id = $1`;

/**
 * Holds goods for an order inside the caller's transaction: as many as there are, never more. Goods that the order holds
 * already stay as they are and belong to the event that first held them, so that the same order held twice is held once.
 * A sku that nobody has heard of counts as sold out.
 */
export async function reserve(tx: Queryable, { orderId, eventUuid, lines }: ReserveOptions): Promise<Reservation> {
  const wanted = sumBySku(lines);
  const claimed = await tx.query<{ readonly sku: string }>({
    name: 'stock.claim',
    text: CLAIM,
    values: [orderId, eventUuid, [...wanted.keys()], [...wanted.values()]],
  });
  const { rows } = await tx.query<{ readonly sku: string; readonly held: number }>({
    name: 'stock.take',
    text: TAKE,
    values: [orderId, claimed.rows.map(({ sku }) => sku)],
  });
  const held = new Map(rows.map((row) => [row.sku, row.held]));
  const result = [...wanted]
    .map(([sku, quantity]) => ({ sku, wanted: quantity, held: held.get(sku) ?? 0 }))
    .sort((a, b) => (a.sku < b.sku ? -1 : 1));
  return { lines: result, backordered: result.some((line) => line.held < line.wanted) };
}

const RELEASE = `
WITH gone AS (
  DELETE FROM reservations WHERE order_id = $1 AND event_uuid = $2 RETURNING sku, held
), back AS (
  INSERT INTO stock AS s (sku, available) SELECT sku, held FROM gone WHERE held > 0 ORDER BY sku COLLATE "C"
  ON CONFLICT (sku) DO UPDATE SET available = s.available + excluded.available
)
SELECT sku, held FROM gone ORDER BY sku COLLATE "C"`;

/** Gives back what this event's run holds for an order, and nothing that another's does; resolves to what that was. */
export async function release(
  tx: Queryable,
  { orderId, eventUuid }: { readonly orderId: string; readonly eventUuid: string },
): Promise<readonly { readonly sku: string; readonly held: number }[]> {
  return (
    await tx.query<{ readonly sku: string; readonly held: number }>({ name: 'stock.release', text: RELEASE, values: [orderId, eventUuid] })
  ).rows;
}

/** Sets how much of each sku is on hand, whatever is held of it. */
export async function setStock(db: Queryable, levels: readonly StockLevel[]): Promise<void> {
  await db.query({
    name: 'stock.set',
    text: `INSERT INTO stock (sku, available) SELECT sku, available FROM unnest($1::text[], $2::int[]) AS t (sku, available) ORDER BY sku COLLATE "C"
           ON CONFLICT (sku) DO UPDATE SET available = excluded.available`,
    values: [levels.map(({ sku }) => sku), levels.map(({ available }) => available)],
  });
}

/** Every sku and how much of it is on hand, by sku. */
export async function listStock(db: Queryable): Promise<readonly StockLevel[]> {
  return (await db.query<StockLevel>({ name: 'stock.list', text: 'SELECT sku, available FROM stock ORDER BY sku' })).rows;
}

function sumBySku(lines: ReserveOptions['lines']): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { sku, quantity } of lines) sums.set(sku, (sums.get(sku) ?? 0) + quantity);
  return sums;
}
