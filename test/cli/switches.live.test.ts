import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOperatorPlace, type OperatorPlace } from './operator-place.ts';

let place: OperatorPlace;
const said = (text: string): string => expect.stringContaining(text) as string; // stands for one in what is expected

beforeAll(async () => {
  place = await createOperatorPlace();
  await place.startAdmin();
  await place.take({ events: [{ eventId: 'a1' }] });
});
afterAll(() => place.close());

test('everything is held, and `why` says so', async () => {
  expect(await place.call('HTTP', ['hold', '--all'])).toMatchObject({
    code: 0,
    stdout: said('nothing runs, until `hookline release --all`'),
  });
  expect(await place.call('HTTP', ['why', 'a1'])).toMatchObject({ code: 0, stdout: said('paused by `hold --all`') });
  expect(await place.json('HTTP', 'release', '--all')).toMatchObject({ changed: true });
});

test.each([
  [['hold', 'no-such-source'], 3, 'there are `erp`, `shop`'],
  [['pause', 'agent', 'emal'], 3, '`email`'],
  [['pause', 'adapter', 'fax'], 3, '`crm`, `mail`, `team`, `warehouse`'],
  [['pause', 'planet', 'mars'], 2, 'source, chain, agent, adapter'],
  [['hold'], 2, 'either a source or `--all`'],
  [['release', 'shop', '--all'], 2, 'got both'],
  [['release', '--event', 'no-such-event'], 3, 'the id of an event'],
  [['replay'], 2, 'either an event or `--failed`'],
  [['replay', 'a1', '--dry-run'], 2, '`--failed` with'],
  [['replay', '--failed', '--again'], 2, 'cannot be used with'],
])('%j ends with %d', async (args, code, text) => {
  expect(await place.call('HTTP', args)).toMatchObject({ code, stderr: said(text) });
});

test('a source that no settings have is told, where nothing is found by it', async () => {
  const note = 'the settings have no source `shopp`; there are `erp`, `shop`';
  for (const args of [['events'], ['deliveries'], ['runs'], ['effects'], ['replay', '--failed']])
    expect(await place.call('HTTP', [...args, '--source', 'shopp'])).toMatchObject({ stderr: said(note) });
  expect((await place.call('HTTP', ['deliveries', '--source', 'erp'])).stderr).toBe('');
});

test('what is wrong with a command line is looked up in the help of its command', async () => {
  expect(await place.call('HTTP', ['why'])).toMatchObject({ code: 2, stderr: said('fix: see `hookline why --help`') });
  expect(await place.call('HTTP', ['token', 'add', 'x'])).toMatchObject({ code: 2, stderr: said('see `hookline token add --help`') });
  expect(await place.call('HTTP', ['nothing'])).toMatchObject({ code: 2, stderr: said('see `hookline --help`') });
  expect(await place.call('HTTP', ['token'])).toMatchObject({ code: 2, stdout: said('Usage: hookline token [options] [command]') });
});

test('a text that no id can be ends with 2', async () => {
  expect(await place.call('HTTP', ['events', 'a'.repeat(3_000)])).toMatchObject({ code: 2, stderr: said('in query.text') });
});

test('one held event is released, and nothing happens to one that is not held', async () => {
  const eventId = 'held';
  const uuid = await place.take({ body: orderOf(eventId), events: [{ eventId, state: 'held', code: 'event.held' }] });
  const released = await place.call('HTTP', ['release', '--event', uuid]);
  expect(released).toMatchObject({ code: 0, stdout: said(`shop ${eventId}: is released, and`) });
  expect(await place.call('HTTP', ['release', 'shop', '--event', eventId])).toMatchObject({ code: 1, stdout: said('it is not held') });
});

function orderOf(eventId: string): string {
  const items = [{ sku: 'MUG', name: 'Mug', quantity: 1, price: 9.5 }];
  const data = { order_id: eventId, customer_email: 'a@example.com', total_amount: 9.5, currency: 'EUR', items };
  return JSON.stringify({ event_id: eventId, event_type: 'order.created', occurred_at: new Date().toISOString(), data });
}
