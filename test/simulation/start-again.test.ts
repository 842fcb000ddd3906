import { describe, expect, it } from 'vitest';
import type { RunOutcome } from '../../src/contracts/run.ts';
import { startRun } from '../../src/ingress/start-run.ts';
import type { TemporalPort } from '../../src/ingress/temporal-port.ts';
import type { ClaimedRun } from '../../src/store/runs.ts';
import { grpc } from './world/grpc.ts';

const ALREADY_EXISTS = 6;
const DONE: RunOutcome = { state: 'done', code: null, detail: null, result: null };

/** A server whose run of an older attempt was open when the start came, and has closed by the time it is looked at. */
const justClosed: TemporalPort = {
  start: async () => {
    throw grpc(ALREADY_EXISTS);
  },
  describe: async () => ({ runId: 'older', eventUuid: 'u1', attempt: 2, outcome: DONE }),
  facts: async () => ({ searchAttributes: true, retentionMs: 1 }),
};

/** Found by a schedule: a wish for all effects once more was taken for done, since the run before it was. */
describe('a start that meets a run of an older attempt which has just closed as done', () => {
  const start = async (round: number) => {
    const event = {
      uuid: 'u1',
      source: 'shop',
      id: 'e1',
      type: 't',
      entity: null,
      occurredAt: '',
      receivedAt: '',
      test: false,
      data: null,
    };
    const row = { chain: 'c', workflowId: 'shop.e1', ledger: 'c', state: 'repair_requested', deliveryId: 'd1' } as const;
    const run: ClaimedRun = { ...row, event, attempt: 3, round, restarts: 0, tries: 0 };
    const facts = { searchAttributes: true, retentionMs: 1 };
    return (await startRun({ run, temporal: justClosed, facts, chains: [] })).kind;
  };

  it('is made later where all effects were asked for once more', async () => {
    expect(await start(1)).toBe('later');
  });

  it('takes its outcome where the run was only to be repaired', async () => {
    expect(await start(0)).toBe('adopted');
  });
});
