import { toEffectKey } from '../../src/activities/effect-key.ts';
import type { ErrorCode } from '../../src/contracts/errors.ts';
import type { ModelDatabase } from './models/model-database.ts';
import type { EffectRow } from './models/rows.ts';
import type { Plan } from './plan.ts';
import type { TemporalModel } from './world/temporal-model.ts';
import { toEventId } from './world/senders.ts';
import type { Vendors } from './world/vendors.ts';

/** What is left of a schedule that has come to rest. */
export interface Remains {
  readonly plan: Plan;
  readonly database: ModelDatabase;
  readonly temporal: TemporalModel;
  readonly vendors: Vendors;
  readonly acknowledged: ReadonlySet<string>;
  /** What a person has said: by event, action and round, and by event how often all was asked for once more. */
  readonly verdicts: {
    readonly sent: ReadonlySet<string>;
    readonly again: ReadonlyMap<string, number>;
    readonly rounds: ReadonlyMap<string, number>;
  };
}

/** Each promise that the remains break, as a sentence. */
export function findViolations(remains: Remains): readonly string[] {
  return [
    ...ofEvents(remains),
    ...ofRuns(remains),
    ...ofSteps(remains),
    ...ofEffects(remains),
    ...ofBookings(remains),
    ...ofEntities(remains),
    ...ofStarts(remains),
  ];
}

/** What was acknowledged is there, once, with its one run. */
function ofEvents({ plan, database, acknowledged }: Remains): readonly string[] {
  const [events, runs] = [database.rows('events'), database.rows('runs')];
  return plan.events.flatMap((_event, index) => {
    const eventId = toEventId(index);
    const [kept, mine] = [
      events.filter((event) => event.eventId === eventId),
      runs.filter(({ workflowId }) => workflowId.endsWith(`.${eventId}`)),
    ];
    return [
      ...(acknowledged.has(eventId) ? [] : [`${eventId} was never acknowledged`]),
      ...(kept.length === 1 ? [] : [`${eventId} is stored ${kept.length} times`]),
      ...(mine.length === 1 ? [] : [`${eventId} has ${mine.length} runs`]),
    ];
  });
}

const EXPLAINED: readonly (ErrorCode | null)[] = ['effect.unknown', 'effect.fenced', 'http.refused', 'run.startRefused'];

/** A run ends done, or for a reason; Temporal had one run of each attempt. */
function ofRuns({ database, temporal, plan }: Remains): readonly string[] {
  // Temporal knows the request id of the newest run only: a start that reaches it after a whole later attempt makes a run that its row and the ledger pass over
  const doubled = [...Map.groupBy(temporal.executions(), ({ workflowId }) => workflowId)].flatMap(([workflowId, made]) =>
    made.flatMap(({ input }, index) =>
      made[index - 1]?.input.attempt === input.attempt ? [`${workflowId} attempt ${input.attempt} was run twice`] : [],
    ),
  );
  const isTerminated = plan.deeds.some(({ kind }) => kind === 'terminate');
  const isRestored = plan.faults.some(({ kind }) => kind === 'temporalRestore');
  // Temporal may have forgotten how a run has ended, and one that has written its outcome may be terminated before it closes
  const mayDiffer = isTerminated || isRestored;
  const odd = database.rows('runs').flatMap(({ workflowId, state, code, attempt }) => {
    const isExplained = EXPLAINED.some((known) => known === code) || (isRestored && code === 'ledger.undone');
    if (state === 'failed' && !isExplained) return [`${workflowId} has failed with ${code}`];
    if (state === 'stopped' && !isTerminated) return [`${workflowId} is stopped, and nobody has stopped it`];
    const agrees = temporal
      .executions()
      .some((run) => run.workflowId === workflowId && run.input.attempt === attempt && run.outcome?.state === state);
    return agrees || mayDiffer || code === 'run.startRefused' ? [] : [`${workflowId} is ${state}, and Temporal says otherwise`];
  });
  return [...doubled, ...odd];
}

/** A run that is done has done each of its steps, and all of them in the round that was asked for last. */
function ofSteps({ plan, database }: Remains): readonly string[] {
  const effects = database.rows('effects');
  return database.rows('runs').flatMap(({ eventUuid, workflowId, state, round }) => {
    const steps = plan.events.find((_event, index) => workflowId.endsWith(`.${toEventId(index)}`))?.steps ?? [];
    const isDone = (step: string): boolean =>
      effects.some(
        (row) => row.eventUuid === eventUuid && row.action === `simulated.${step}` && row.round >= round && row.state === 'done',
      );
    return state === 'done'
      ? steps.filter((step) => !isDone(step)).map((step) => `${workflowId} is done, and its ${step} of round ${round} is not`)
      : [];
  });
}

/** A keyed effect once; a keyless one never twice unless a person or its row says so; nothing is said to be done that is not. */
function ofEffects({ database, vendors, verdicts }: Remains): readonly string[] {
  const stopped = new Set(database.rows('runs').flatMap(({ state, eventUuid }) => (state === 'stopped' ? [eventUuid] : [])));
  return database
    .rows('effects')
    .flatMap((row) => {
      const name = `${row.eventUuid} ${row.action} ${row.round}`;
      const times = vendors.performed.filter(({ key }) => key === keyOf(row)).length;
      const granted = 1 + (verdicts.again.get(name) ?? 0);
      const [action = ''] = row.action.split('.').slice(1);
      return [
        ...(action === 'crm' && times > 1 ? [`${name} has happened ${times} times at a vendor that looks at keys`] : []),
        ...(action === 'mail' && times > granted ? [`${name} has happened ${times} times, and may ${granted}`] : []),
        ...(times > row.sends ? [`${name} has happened ${times} times, and its row says ${row.sends}`] : []),
        ...(isSending(action) && row.state === 'done' && times === 0 && !verdicts.sent.has(name)
          ? [`${name} is done, and has not happened`]
          : []),
        ...(row.state === 'sending' && !stopped.has(row.eventUuid) ? [`${name} is left open`] : []),
      ];
    })
    .concat(ofRounds({ database, vendors, verdicts }));
}

/** However many rows there are: no more rounds of an effect than were asked for. */
function ofRounds({ database, vendors, verdicts }: Pick<Remains, 'database' | 'vendors' | 'verdicts'>): readonly string[] {
  const rows = database.rows('effects').filter(({ action }) => isSending(action.split('.')[1] ?? ''));
  const strangers = vendors.performed.filter(({ key }) => !rows.some((row) => keyOf(row) === key));
  const groups = Map.groupBy(rows, ({ eventUuid, action }) => `${eventUuid} ${action}`);
  return [
    ...strangers.map(({ vendor, body }) => `${vendor} has done something for ${body} that no row knows of`),
    ...[...groups].flatMap(([name, made]) => {
      const asked = 1 + (verdicts.rounds.get(name.split(' ')[0] ?? '') ?? 0);
      return made.length > asked ? [`${name} has ${made.length} rows, and ${asked} were asked for`] : [];
    }),
  ];
}

/** A booking stands exactly where the ledger says that it is done, once; none stands of a run that has failed. */
function ofBookings({ database }: Remains): readonly string[] {
  const [bookings, runs] = [database.rows('bookings'), database.rows('runs')];
  const rows = database.rows('effects').filter(({ action }) => action === 'simulated.book');
  const wrong = rows.flatMap((row) => {
    const mine = bookings.filter(({ effectKey }) => effectKey === keyOf(row));
    const standing = mine.filter(({ stands }) => stands).length;
    const isRight = mine.length <= 1 && standing === (row.state === 'done' ? 1 : 0);
    const run = runs.find(({ eventUuid }) => eventUuid === row.eventUuid);
    const isKept = run?.state === 'failed' && run.code !== 'run.startRefused' && row.round >= run.round && row.state === 'done';
    return [
      ...(isRight ? [] : [`booking ${row.eventUuid} round ${row.round} is ${row.state}, and stands ${standing} times of ${mine.length}`]),
      ...(isKept ? [`booking ${row.eventUuid} round ${row.round} stands, and its run has failed`] : []),
    ];
  });
  const known = new Set(rows.map(keyOf));
  return [
    ...wrong,
    ...bookings.filter(({ effectKey }) => !known.has(effectKey)).map(({ eventUuid }) => `${eventUuid} has a booking without a row`),
  ];
}

/** A customer is as the newest of the events that have written it says. */
function ofEntities({ plan, database }: Remains): readonly string[] {
  const events = database.rows('events');
  const writers = new Set(database.rows('bookings').map(({ eventUuid }) => events.find(({ uuid }) => uuid === eventUuid)?.eventId));
  return database.rows('entities').flatMap(({ id, fields }) => {
    const writing = plan.events
      .map(({ customer, timeS }, index) => ({ customer, timeS, eventId: toEventId(index) }))
      .filter(({ customer, eventId }) => customer === id && writers.has(eventId))
      .toSorted((a, b) => a.timeS - b.timeS || (a.eventId < b.eventId ? -1 : 1));
    const expected = JSON.stringify({ name: writing.at(-1)?.eventId });
    return fields === expected ? [] : [`customer ${id} is ${fields}, and the newest event says ${expected}`];
  });
}

const DISTURBING: readonly Plan['faults'][number]['kind'][] = ['kill', 'stop', 'databaseLoss', 'databaseDown'];

/** While a lease lasts, its holder alone starts a run; one process to which nothing happens starts in order of receipt. */
function ofStarts({ plan, database, temporal }: Remains): readonly string[] {
  if (plan.faults.some(({ kind }) => DISTURBING.includes(kind))) return [];
  const met = temporal.met.map((name) => `${name} was being started by two processes at once`);
  if (plan.processes > 1 || plan.faults.length > 0 || plan.deeds.length > 0) return met;
  const received = database
    .rows('runs')
    .toSorted((a, b) => a.seq - b.seq)
    .map(({ workflowId }) => workflowId);
  return temporal.sent.join() === received.join() ? met : [...met, `received ${received.join()}, and started ${temporal.sent.join()}`];
}

function keyOf({ eventUuid, ledger, action, key, round }: EffectRow): string {
  const call = { eventUuid, ledger, action, key } as Parameters<typeof toEffectKey>[0]; // the key is made of no more
  return toEffectKey(call, round);
}

function isSending(action: string): boolean {
  return action === 'crm' || action === 'mail' || action === 'receipt';
}
