import { z } from 'zod';
import { setStock } from '../../store/stock.ts';
import { defineRoute } from './define-route.ts';
import { asked } from './fields.ts';
import { makeChange } from './make-change.ts';

const level = { sku: asked(255), available: z.int().min(0).max(999_999_999) };
const reply = z.object({ stock: z.array(z.object({ sku: z.string(), available: z.int() })).readonly() });

/** What is on hand. */
export const stock = {
  list: defineRoute({
    name: 'stock.list',
    method: 'GET',
    url: '/api/stock',
    role: 'viewer',
    summary: 'Every sku and how much of it is on hand, by sku.',
    query: z.strictObject({ sku: asked(255).optional() }),
    reply,
    handle: async ({ query: { sku }, context: { store } }) => ({
      stock: (await store.stock.list()).filter((one) => sku === undefined || one.sku === sku),
    }),
  }),

  set: defineRoute({
    name: 'stock.set',
    method: 'PUT',
    url: '/api/stock',
    role: 'operator',
    summary: 'Sets how much of each sku is on hand, whatever orders hold already.',
    body: z
      .strictObject({ levels: z.array(z.strictObject(level)).min(1).max(500) })
      .refine(({ levels }) => new Set(levels.map(({ sku }) => sku)).size === levels.length, {
        path: ['levels'],
        error: 'name each sku once',
      }),
    reply,
    handle: ({ body: { levels }, caller, context }) =>
      makeChange({ context, caller }, async (tx, audit) => {
        await setStock(tx, levels);
        for (const { sku, available } of levels) await audit({ action: 'stock.set', target: sku, detail: { available } });
        return { stock: levels };
      }),
  }),
} as const;
