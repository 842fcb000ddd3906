import { mkdir, open, readFile, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { JsonObject } from '../contracts/json.ts';

/** An order that the warehouse has taken. */
export interface WarehouseOrder {
  /** The sender's `webhook-id`. */
  readonly id: string;
  /** ISO 8601. */
  readonly receivedAt: string;
  readonly order: JsonObject;
}

/** The warehouse's book: a file to which lines are only ever added. */
export interface WarehouseBook {
  /** Resolves when the order is on disk; one whose id stands in the book already is not written again. Rejects where it cannot be written, and it may then come again. */
  write(order: WarehouseOrder): Promise<'received' | 'duplicate'>;
  /** Oldest first. */
  orders(): readonly WarehouseOrder[];
  close(): Promise<void>;
}

/** Opens a book, made when missing. A last line that a crash has cut was never acknowledged and is taken off. */
export async function openWarehouseBook(path: string): Promise<WarehouseBook> {
  await mkdir(dirname(path), { recursive: true });
  const orders = await load(path);
  const file = await open(path, 'a', 0o600);
  let { size } = await file.stat();
  const known = new Set(orders.map(({ id }) => id));
  let last: Promise<unknown> = Promise.resolve(); // one line after the other

  const append = async (order: WarehouseOrder): Promise<'received' | 'duplicate'> => {
    if (known.has(order.id)) return 'duplicate';
    const line = Buffer.from(`${JSON.stringify(order)}\n`);
    try {
      await file.appendFile(line);
      await file.sync();
    } catch (error) {
      await file.truncate(size).catch(() => {}); // the error that matters is the first one
      throw error;
    }
    size += line.byteLength;
    known.add(order.id);
    orders.push(order);
    return 'received';
  };
  return {
    write(order) {
      const written = last.then(() => append(order));
      last = written.catch(() => {}); // whoever wrote it is told; the next one goes on
      return written;
    },
    orders: () => [...orders],
    async close() {
      await last;
      await file.close();
    },
  };
}

async function load(path: string): Promise<WarehouseOrder[]> {
  const bytes = await readFile(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  });
  const end = bytes.lastIndexOf('\n') + 1;
  if (end < bytes.byteLength) await truncate(path, end);
  const lines = bytes.toString('utf8', 0, end).split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as WarehouseOrder); // written by `write` only
}
