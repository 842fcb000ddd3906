import type { Facts } from '../facts.ts';
import { OPEN } from '../join-facts.ts';
import type { Violation } from '../verdict.ts';

/** Temporal runs nothing whose row says that it has ended, and nothing that has no row. */
export function checkOpenRuns({ runs, openInTemporal }: Pick<Facts, 'runs' | 'openInTemporal'>): readonly Violation[] {
  const states = new Map(runs.map(({ workflowId, state }) => [workflowId, state]));
  return openInTemporal.flatMap((workflowId) => {
    const state = states.get(workflowId);
    if (state !== undefined && OPEN.has(state)) return [];
    return [
      {
        rule: 'run.orphan',
        about: workflowId,
        detail: `open in Temporal, ${state === undefined ? 'and no such run' : `and the run is ${state}`}`,
      },
    ];
  });
}
