import { describe, expect, it } from 'vitest';

import { excludeByType } from '../../src/ingress/type-list.ts';
import type { TypeLists } from '../../src/ingress/type-list.ts';
import { envelope, generic, interpret, only, ORDER, shop } from '../suites/interpreting.ts';

const order = { provider: 'shopify', providerType: 'orders/create', type: 'order.created' };
const raw = { provider: 'github', providerType: 'push', type: 'github:push' };

describe('excludeByType', () => {
  it.each<[string, TypeLists, typeof order, string | undefined]>([
    ['nothing is listed', {}, order, undefined],
    ['the canonical type is included', { include: ['order.created'] }, order, undefined],
    ['the raw type is included', { include: ['shopify:orders/create'] }, order, undefined],
    ["the provider's own type is included", { include: ['orders/create'] }, order, undefined],
    ['a beginning of it is included', { include: ['customer.created', 'order.*'] }, order, undefined],
    ["a beginning of the provider's own is included", { include: ['orders/*'] }, order, undefined],
    ['everything is included', { include: ['*'] }, raw, undefined],
    ['another is included', { include: ['order.paid', 'order'] }, order, '`order.created` is not among what the source includes'],
    ['another spelling is included', { include: ['Order.Created'] }, order, '`order.created` is not among what the source includes'],
    [
      'the type of another provider is included',
      { include: ['github:orders/create'] },
      order,
      '`order.created` is not among what the source includes',
    ],
    ['it is excluded', { exclude: ['order.created'] }, order, '`order.created` is excluded by `order.created`'],
    ['its own name is excluded', { exclude: ['orders/create'] }, order, '`order.created` is excluded by `orders/create`'],
    ['a beginning of it is excluded', { exclude: ['github:*'] }, raw, '`github:push` is excluded by `github:*`'],
    ['everything is excluded', { exclude: ['*'] }, raw, '`github:push` is excluded by `*`'],
    ['another is excluded', { exclude: ['orders/updated', 'orders/creat'] }, order, undefined],
    ['it is on both lists', { include: ['order.*'], exclude: ['orders/create'] }, order, '`order.created` is excluded by `orders/create`'],
  ])('%s', (_case, lists, names, detail) => {
    expect(excludeByType(lists, names)).toEqual(detail === undefined ? undefined : { code: 'event.typeExcluded', detail });
  });

  it('reads an entry as text, and never as a pattern', () => {
    for (const entry of ['order.create.', '.*', 'order?created', '[a-z]*', '^order', 'order*created'])
      expect(excludeByType({ exclude: [entry] }, order), `entry ${entry}`).toBeUndefined();
  });
});

describe('an event that its source keeps from its chains', () => {
  it('is ignored with its cause, without data, and keeps its name and entity', () => {
    const source = { ...generic, exclude: ['order.created'] };
    expect(only(interpret(envelope(ORDER), { source }))).toMatchObject({
      type: 'order.created',
      entity: { type: 'order', id: 'acme:A1' },
      state: 'ignored',
      code: 'event.typeExcluded',
      detail: '`order.created` is excluded by `order.created`',
      data: null,
      routes: [],
    });
  });

  it('goes to them where it is not on the list', () => {
    expect(only(interpret(envelope(ORDER), { source: { ...generic, include: ['order.*'] } }))).toMatchObject({
      state: 'routed',
      code: null,
    });
  });

  it('does not wait for anybody where its payload does not fit, or `when` would throw', () => {
    const source = { ...generic, include: ['customer.*'] };
    const throwing = { name: 'new-order', on: 'order.created', when: () => (undefined as unknown as { a: boolean }).a } as const; // throws, as a chain with a mistake does
    expect(only(interpret(envelope({ order_id: 7 }), { source }))).toMatchObject({ state: 'ignored', code: 'event.typeExcluded' });
    expect(only(interpret(envelope(ORDER), { source, chains: [throwing] }))).toMatchObject({
      state: 'ignored',
      code: 'event.typeExcluded',
    });
  });

  it('may be one that no event type of ours knows', () => {
    const headers = ['X-Shopify-Event-Id', 'e1', 'X-Shopify-Topic', 'app/uninstalled'];
    const source = { ...shop, exclude: ['app/*'] };
    expect(only(interpret({ id: 1 }, { source, headers }))).toMatchObject({ type: 'shopify:app/uninstalled', code: 'event.typeExcluded' });
  });
});
