import { createEffects } from '../../src/store/effects.ts';
import { createRuns } from '../../src/store/runs.ts';
import { clearSwitch, setSwitch } from '../../src/store/switches.ts';
import { findViolations } from './invariants.ts';
import { inflict, type Slot } from './inflict.ts';
import { createModelDatabase } from './models/model-database.ts';
import { createModelPool } from './models/model-pool.ts';
import { toEntity, toStatements, type Mutant } from './mutants.ts';
import type { Plan, PlannedDeed } from './plan.ts';
import { createActions } from './world/actions.ts';
import { createDatabaseLink } from './world/database-link.ts';
import { createErrands } from './world/errands.ts';
import { startProcess, type ProductProcess } from './world/process.ts';
import { createSenders, SOURCE, toEventId } from './world/senders.ts';
import { createTemporalLink } from './world/temporal-link.ts';
import { createTemporalModel } from './world/temporal-model.ts';
import { createVendors } from './world/vendors.ts';
import { createWeather } from './world/weather.ts';
import { createWorld, settled, type Host } from './world/world.ts';
import { toWorkflowId } from '../../src/contracts/ids.ts';

/** What a schedule has come to. */
export interface Simulated {
  /** Each promise that was broken, as a sentence; none where all were kept. */
  readonly violations: readonly string[];
  /** How much of a schedule it was: a run in which nothing happened proves nothing. */
  readonly seen: { readonly acknowledged: number; readonly performed: number; readonly made: number; readonly endMs: number };
}

const START_MS = Date.UTC(2026, 0, 1);
/** How long all may take to come to rest once the faults are over, in simulated time; a forgotten run is looked for every 5 min. */
const LIMITS = { untilMs: START_MS + 30 * 60_000, acts: 30_000 } as const;

/** Plays a plan with the product's own code over simulated ports, until all has come to rest, and judges what is left. */
export async function simulate(plan: Plan, mutant?: Mutant): Promise<Simulated> {
  const world = createWorld({ seed: plan.seed, startMs: START_MS });
  const weather = createWeather();
  const errands = createErrands(world);
  const vendors = createVendors({ world, weather, errands });
  const statements = toStatements(mutant);
  const database = createModelDatabase({ now: world.now, after: (ms, act) => void world.after(ms, act) });
  const slots: Slot[] = [];
  const everyone: ProductProcess[] = [];
  const living = (): readonly ProductProcess[] => slots.map(({ process }) => process).filter(({ host }) => !host.isDead);
  const temporal = createTemporalModel({ world, weather, workers: living });
  let requests = 0;

  const start = (slot: number): void => {
    const host: Host = { name: `p${slot}.${everyone.length}`, isDead: false, isStopped: false };
    // a ledger that cannot write `done` waits by a real timer, which must not decide anything here: the attempt's time is over before
    const onLost = (what: string): void => {
      if (what === 'ledger.settle') world.after(world.between(20, 500), () => process.abortAll(), host);
    };
    const link = createDatabaseLink({ world, host, weather, errands, onLost });
    const toRequestId = (id: string): string => (mutant === 'requestId' ? `${id}.${(requests += 1)}` : id);
    const process = startProcess({
      world,
      host,
      pool: createModelPool({ database, statements, carry: link.carry }),
      temporal: createTemporalLink({ world, host, weather, errands, temporal, toRequestId }),
      actions: createActions({ host, vendors, entity: toEntity(mutant) }),
      isHasty: mutant === 'hastyAcknowledgement',
    });
    everyone.push(process);
    slots[slot] = { process, link };
  };

  let planned = 0;
  const plannedAt = (ms: number, act: () => void): void => {
    planned += 1;
    world.after(ms, () => {
      planned -= 1;
      act();
    });
  };

  const operator = createModelPool({ database, statements, carry: ({ perform }) => new Promise((resolve) => perform(resolve)) });
  const [runs, effects] = [createRuns({ pool: operator }), createEffects({ pool: operator })];
  const verdicts = { sent: new Set<string>(), again: new Map<string, number>(), rounds: new Map<string, number>() };

  const senders = createSenders({ world, events: plan.events, processes: living });
  for (let slot = 0; slot < plan.processes; slot++) start(slot);
  for (const [index, event] of plan.events.entries()) {
    for (let copy = 0; copy < event.copies; copy++) plannedAt(event.atMs, () => senders.send(index));
    for (const afterMs of event.againAfterMs) plannedAt(event.atMs + afterMs, () => senders.send(index));
  }
  for (const fault of plan.faults)
    plannedAt(fault.atMs, () => inflict(fault, { world, weather, temporal, slots, start, later: plannedAt }));
  for (const deed of plan.deeds) plannedAt(deed.atMs, () => void act(deed));

  async function act({ kind, event: index }: PlannedDeed): Promise<void> {
    const eventId = toEventId(index % plan.events.length);
    const eventUuid = database.rows('events').find((event) => event.eventId === eventId)?.uuid;
    if (kind === 'terminate') return temporal.terminate(toWorkflowId(SOURCE, eventId));
    if (kind === 'pause') {
      const pause = { verb: 'pause', kind: 'agent', name: 'simulated' } as const;
      plannedAt(4_000, () => void clearSwitch(operator, pause));
      return void (await setSwitch(operator, pause, { by: 'test', reason: null }));
    }
    if (eventUuid === undefined) return;
    const asked = await runs.repair({ eventUuid, again: kind === 'again' });
    if (kind === 'again' && asked.length > 0) verdicts.rounds.set(eventUuid, (verdicts.rounds.get(eventUuid) ?? 0) + 1);
  }

  /** What a person does at last: finds out about every effect of which nobody knows, or has it sent again. */
  async function resolveAll(): Promise<boolean> {
    const unknown = database.rows('effects').filter(({ state }) => state === 'unknown');
    for (const row of unknown) {
      const verdict = vendors.performed.length > 0 && world.chance(0.5) ? 'sent' : 'sendAgain';
      const resolution = await effects.resolve(row, { verdict, replay: true });
      const key = `${row.eventUuid} ${row.action} ${row.round}`;
      if (resolution.ok && verdict === 'sent') verdicts.sent.add(key);
      if (resolution.ok && verdict === 'sendAgain') verdicts.again.set(key, (verdicts.again.get(key) ?? 0) + 1);
    }
    return unknown.length > 0;
  }

  const isAtRest = (): boolean =>
    planned === 0 &&
    senders.waiting() === 0 &&
    errands.count() === 0 &&
    living().every((process) => process.performing() === 0) &&
    temporal.executions().every(({ phase }) => phase === 'closed') &&
    database.rows('runs').every(({ state }) => state === 'done' || state === 'failed' || state === 'stopped');

  let rests = await world.run(isAtRest, LIMITS);
  for (let round = 0; round < 2 && rests && (await resolveAll()); round++) rests = await world.run(isAtRest, LIMITS);
  const violations = rests
    ? findViolations({ plan, database, temporal, vendors, acknowledged: senders.acknowledged, verdicts })
    : [`nothing comes to rest: ${JSON.stringify(database.rows('runs').map(({ state, code }) => [state, code]))}`];
  const seen = {
    acknowledged: senders.acknowledged.size,
    performed: vendors.performed.length,
    made: temporal.made.length,
    endMs: world.now() - START_MS,
  };
  errands.end();
  for (const one of everyone) one.abortAll();
  await settled();
  return { violations, seen };
}
