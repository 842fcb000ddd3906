import { randomUUID } from 'node:crypto';
import type { ActionCall } from '../../src/contracts/run.ts';
import { hashInput } from '../../src/activities/effect-key.ts';
import type { LedgerCall } from '../../src/store/ledger.ts';

/** A call of an action, as a run would make it. */
export function callOf(overrides: Partial<ActionCall> = {}): ActionCall {
  return {
    eventUuid: randomUUID(),
    ledger: 'new-order',
    action: 'inventory.reserve',
    key: '0',
    attempt: 1,
    round: 0,
    occurredAt: '2026-01-01T00:00:00.000Z',
    source: 'shop',
    eventId: 'e1',
    test: false,
    ...overrides,
  };
}

/** The same call, from a Temporal run of the chain `new-order`, with an input; no test traffic. */
export function from(runId: string, call: ActionCall, input: unknown = {}): LedgerCall & { readonly input: unknown } {
  return { call, chain: 'new-order', runId, input, inputSha256: hashInput(input), dry: false };
}
