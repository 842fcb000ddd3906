import { expect, it } from 'vitest';
import { createRouter } from '../../src/ingress/router.ts';
import type { RoutableChain, RoutableEvent } from '../../src/ingress/router.ts';
import { matching } from '../suites/matchers.ts';

const event: RoutableEvent = { source: 'shop', eventId: 'e1', type: 'order.created', data: { total: 5 }, test: false };

function chain(name: string, more: Partial<RoutableChain> = {}): RoutableChain {
  return { name, on: 'order.created', ...more };
}

it('routes to nothing where no chain wants the type', () => {
  expect(createRouter([])(event)).toEqual({ ok: true, routes: [] });
  expect(createRouter([chain('a', { on: 'shopify:app/uninstalled' })])(event)).toEqual({ ok: true, routes: [] });
});

it("leaves the chain's name out of the workflow id where it is the only one", () => {
  expect(createRouter([chain('a')])(event)).toEqual({ ok: true, routes: [{ chain: 'a', ledger: 'a', workflowId: 'shop.e1' }] });
});

it('gives each of several chains a workflow id of its own', () => {
  expect(createRouter([chain('a'), chain('b', { ledger: 'old-b' })])(event)).toEqual({
    ok: true,
    routes: [
      { chain: 'a', ledger: 'a', workflowId: 'shop.e1.a' },
      { chain: 'b', ledger: 'old-b', workflowId: 'shop.e1.b' },
    ],
  });
});

it("routes each of several types to the chain that names them, once, and shows `when` the event's own", () => {
  const seen: string[] = [];
  const several = chain('a', {
    on: ['order.created', 'ticket.created', 'order.created'],
    when: ({ type }) => {
      seen.push(type);
      return true;
    },
  });
  const route = createRouter([several]);
  for (const type of ['order.created', 'ticket.created']) {
    expect(route({ ...event, type })).toEqual({ ok: true, routes: [{ chain: 'a', ledger: 'a', workflowId: 'shop.e1' }] });
  }
  expect(route({ ...event, type: 'ticket.updated' })).toEqual({ ok: true, routes: [] });
  expect(seen).toEqual(['order.created', 'ticket.created']);
});

it('counts only the chains whose `when` says true, and shows it the event', () => {
  const seen: unknown[] = [];
  const route = createRouter([
    chain('a', { when: () => false }),
    chain('b', {
      when: (shown) => {
        seen.push(shown);
        return true;
      },
    }),
  ]);
  expect(route(event)).toEqual({ ok: true, routes: [{ chain: 'b', ledger: 'b', workflowId: 'shop.e1' }] });
  expect(seen).toEqual([{ source: 'shop', type: 'order.created', data: { total: 5 }, test: false }]);
});

it('fails as a whole where one `when` throws, and quotes no payload', () => {
  const route = createRouter([
    chain('a'),
    chain('b', {
      when: () => {
        throw new TypeError('canary');
      },
    }),
  ]);
  expect(route(event)).toMatchObject({
    ok: false,
    code: 'route.whenFailed',
    detail: matching(/^`when` of chain `b`: threw TypeError at router\.test\.ts:\d+:\d+$/),
  });
});

it('fails where `when` says neither true nor false', () => {
  const route = createRouter([chain('a', { when: (async () => true) as never })]);
  expect(route(event)).toEqual({ ok: false, code: 'route.whenFailed', detail: '`when` of chain `a`: expected true or false, got object' });
});

it('knows nothing of types that are members of prototypes', () => {
  const route = createRouter([chain('a')]);
  for (const type of ['constructor', '__proto__', 'toString']) expect(route({ ...event, type })).toEqual({ ok: true, routes: [] });
});
