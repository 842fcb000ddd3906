import { expectTypeOf, test } from 'vitest';
import { deliveries } from '../../../src/admin/api/deliveries.ts';
import { events } from '../../../src/admin/api/events.ts';
import { switches } from '../../../src/admin/api/switches.ts';
import type { ApiClient, RequestOf } from '../../../src/cli/api/api-client.ts';

declare const api: ApiClient;

test('a question is typed by its route', () => {
  expectTypeOf<RequestOf<typeof switches.list>>().toExtend<{ readonly body?: undefined }>();
  // @ts-expect-error: a filter that the route does not know
  void api.ask(events.list, { query: { sorce: 'shop' } });
  // @ts-expect-error: a state that there is not
  void api.ask(events.list, { query: { state: 'lost' } });
  // @ts-expect-error: the event is not named
  void api.ask(events.get, {});
  // @ts-expect-error: a body where none is taken
  void api.ask(switches.list, { body: {} });
});

test('an answer is typed by its route', () => {
  expectTypeOf(api.ask(events.list, {})).resolves.toHaveProperty('events');
  expectTypeOf(api.ask(deliveries.body, { params: { id: 'x' } })).resolves.toEqualTypeOf<Uint8Array>();
});
