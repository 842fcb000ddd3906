import { expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { defineEvent } from '../../src/events/define-event.ts';
import type { DataOfEvent } from '../../src/events/define-event.ts';
import type { EventData } from '../../src/events/catalogue.gen.ts';

const schema = z.object({ id: z.string(), at: z.string(), lines: z.array(z.object({ sku: z.string() })), price: z.number().nullable() });
const base = { type: 'x.y', schema, entity: () => null } as const;

it("types an event's data by its schema", () => {
  const event = defineEvent({ ...base, from: {} });
  expectTypeOf<DataOfEvent<typeof event>>().toEqualTypeOf<z.output<typeof schema>>();
  expectTypeOf(event.type).toEqualTypeOf<'x.y'>();
  expectTypeOf<EventData['order.created']['total']['amount']>().toEqualTypeOf<number>();
});

it('takes as order only a field of the data', () => {
  expectTypeOf(defineEvent({ ...base, order: { by: 'at' }, from: {} })).toBeObject();
  // @ts-expect-error the data have no such field
  defineEvent({ ...base, order: { by: 'updated' }, from: {} });
});

it('gives the entity key only fields of the data', () => {
  const event = defineEvent({ ...base, entity: (data) => ({ type: 'x', id: data.id }), from: {} });
  expectTypeOf(event.entity).parameter(0).toEqualTypeOf<z.output<typeof schema>>();
});

it('holds maps to the keys of the data at every level, and to nothing about values', () => {
  expectTypeOf(
    defineEvent({ ...base, from: { shop: { made: () => ({ id: 5, at: null, lines: [{ sku: true }], price: 'x' }) } } }),
  ).toBeObject();
  // @ts-expect-error `price` is missing
  defineEvent({ ...base, from: { shop: { made: () => ({ id: 5, at: null, lines: [] }) } } });
  // @ts-expect-error a line has no `sku`
  defineEvent({ ...base, from: { shop: { made: () => ({ id: 5, at: null, lines: [{ article: 1 }], price: 1 }) } } });
});
