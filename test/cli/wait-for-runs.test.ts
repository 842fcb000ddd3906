import { describe, expect, test } from 'vitest';
import { isClosed, isDone, waitForRuns } from '../../src/cli/wait-for-runs.ts';
import type { RunState } from '../../src/contracts/webhook.ts';
import type { EventSummary } from '../../src/store/events.ts';

const event = (source: string, states: readonly RunState[]): EventSummary => ({
  uuid: `${source}-uuid`,
  source,
  eventId: '1001',
  providerType: 't',
  type: 't',
  entity: null,
  receivedAt: new Date(0),
  test: false,
  state: 'routed',
  code: null,
  detail: null,
  runs: states.map((state) => ({ chain: 'new-order', state, attempt: 1, code: null, workflowId: `${source}.1001` })),
});

/** A store whose event goes through states, one a look, beside an event of another source that has the same id. */
function passing(...looks: readonly (readonly RunState[])[]) {
  let look = 0;
  return { find: () => Promise.resolve([event('other', ['failed']), event('shop', looks[Math.min(look++, looks.length - 1)] ?? [])]) };
}
const wanted = [{ source: 'shop', eventId: '1001' }];
const onProgress = (): void => {};

describe('waiting for runs', () => {
  test('ends when every run of the event has closed', async () => {
    const events = passing(['pending', 'pending'], ['started', 'done'], ['repair_requested', 'done'], ['failed', 'done']);
    const seen = await waitForRuns({ events, wanted, timeoutMs: 10_000, onProgress });
    expect(seen).toEqual([event('shop', ['failed', 'done'])]);
  });

  test('ends when its time is over, with what was seen last', async () => {
    const seen = await waitForRuns({ events: passing(['started']), wanted, timeoutMs: 200, onProgress });
    expect(seen).toEqual([event('shop', ['started'])]);
  });

  test('ends at once when it is told to', async () => {
    const seen = await waitForRuns({ events: passing(['started']), wanted, timeoutMs: 60_000, onProgress, signal: AbortSignal.abort() });
    expect(seen).toHaveLength(1);
  });

  test('leaves an event out that is nowhere', async () => {
    expect(await waitForRuns({ events: { find: () => Promise.resolve([]) }, wanted, timeoutMs: 100, onProgress })).toEqual([]);
  });
});

test('an event without runs is closed, and not done', () => {
  expect([isClosed(event('shop', [])), isDone(event('shop', []))]).toEqual([true, false]);
  expect([isClosed(undefined), isDone(undefined)]).toEqual([false, false]);
  expect([isClosed(event('shop', ['done', 'failed'])), isDone(event('shop', ['done', 'failed']))]).toEqual([true, false]);
  expect(isDone(event('shop', ['done', 'done']))).toBe(true);
});
