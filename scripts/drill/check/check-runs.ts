import type { Facts, StoredRun } from '../facts.ts';
import { isDone, OPEN, type JoinedEvent, type JoinedFacts } from '../join-facts.ts';
import type { Explained, Violation } from '../verdict.ts';

/** Codes that no fault of the outside explains. */
const BUGS = new Set([
  'bug.unexpected',
  'chain.bug',
  'chain.unknown',
  'ledger.inputChanged',
  'ledger.undone',
  'undo.failed',
  'run.idTaken',
]);

/** Every routed event has its one run; none waits without a switch that says so, none has failed without a code; the tail is done. */
export function checkRuns({ switches, runs, events }: Facts, joined: JoinedFacts): readonly Violation[] {
  const known = new Set(events.map(({ uuid }) => uuid));
  return [
    ...joined.events.flatMap((event) => [...judgeEvent(event), ...event.runs.flatMap((run) => judgeRun(event, run, switches))]),
    ...runs
      .filter(({ eventUuid }) => !known.has(eventUuid))
      .map(({ eventUuid, chain }): Violation => ({ rule: 'run.stranger', about: eventUuid, detail: `${chain} without an event` })),
  ];
}

function judgeEvent(event: JoinedEvent): readonly Violation[] {
  const { sent, stored, runs } = event;
  const about = sent.id;
  const violations: Violation[] = [];
  const routed = stored.filter(({ state }) => state === 'routed');
  for (const { uuid } of routed)
    if (!runs.some(({ eventUuid, chain }) => eventUuid === uuid && chain === sent.chain))
      violations.push({ rule: 'run.missing', about, detail: `no run of ${sent.chain}` });
  for (const { chain } of runs.filter((run) => run.chain !== sent.chain)) violations.push({ rule: 'run.stranger', about, detail: chain });
  if (sent.tail && !isDone(event))
    violations.push({
      rule: 'tail.failed',
      about,
      detail: `sent after the last fault: ${runs.map(({ state }) => state).join() || 'no run'}`,
    });
  return violations;
}

function judgeRun({ sent }: JoinedEvent, { state, code, chain }: StoredRun, switches: readonly string[]): readonly Violation[] {
  const about = sent.id;
  if (OPEN.has(state))
    return switchThatStops(chain, switches) === undefined ? [{ rule: 'run.waiting', about, detail: `${chain} is ${state}` }] : [];
  if (state === 'done') return [];
  if (code === null) return [{ rule: 'run.unexplained', about, detail: `${chain} ${state} without a code` }];
  return BUGS.has(code) ? [{ rule: 'run.unexplained', about, detail: `${chain} ${state}: ${code}` }] : [];
}

/** Every run that is not done, and has a reason. */
export function explainRuns({ switches }: Facts, { events }: JoinedFacts): readonly Explained[] {
  return events.flatMap(({ sent, runs }) =>
    runs.flatMap(({ state, code, chain }) => {
      const reason = OPEN.has(state) ? switchThatStops(chain, switches) : (code ?? undefined);
      return state === 'done' || reason === undefined || BUGS.has(reason) ? [] : [{ eventId: sent.id, state, reason }];
    }),
  );
}

/** A paused agent or adapter stops every chain that may come to it, a source all of the drill's; of chains only the named one. */
function switchThatStops(chain: string, switches: readonly string[]): string | undefined {
  return switches.find((one) => (one.startsWith('pause chain ') ? one === `pause chain ${chain}` : !one.startsWith('hold source')));
}
