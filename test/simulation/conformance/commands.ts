import fc from 'fast-check';
import { expect } from 'vitest';
import { transaction } from '../../../src/store/pool.ts';
import type { InboxDelivery } from '../../../src/contracts/inbox.ts';
import { additions, ledgerDeeds, peopleDeeds, runDeeds } from './arbitraries.ts';
import { doDeed, doLedgerDeed, toDeliveries, type Deed, type LedgerDeed, type WithoutPool } from './deeds.ts';
import type { Side } from './side.ts';

/** Both sides, and what their statements have been given so far. */
export interface Sides {
  readonly model: Side;
  readonly postgres: Side;
}

/** What a sequence knows of itself. */
export interface Progress {
  nowMs: number;
  /** The next id that a delivery or an event may get. */
  next: number;
}

type Command = fc.AsyncCommand<Progress, Sides>;

/** Sequences of commands: each does the same to both sides, and compares the answers and every table after it. */
export const commands: fc.Arbitrary<Iterable<Command>> = fc.commands(
  [
    ...[additions, runDeeds, runDeeds, ledgerDeeds, ledgerDeeds, peopleDeeds].map((deeds) =>
      deeds.map((deed) => new Both(deed.kind, (side, place) => doDeed({ ...place, pool: side.pool }, deed), deed)),
    ),
    fc.constantFrom(1, 500, 10_000, 300_000).map((ms) => new Pass(ms)),
    fc
      .record({ works: fc.array(ledgerDeeds, { minLength: 1, maxLength: 3 }), isKept: fc.boolean() })
      .map(
        ({ works, isKept }) =>
          new Both(`transaction of ${works.map(({ kind }) => kind).join()} ${isKept ? 'kept' : 'thrown away'}`, (side, place) =>
            inTransaction(side, place, works, isKept),
          ),
      ),
    fc
      .record({ first: ledgerDeeds, second: ledgerDeeds, isKept: fc.boolean() })
      .map(
        ({ first, second, isKept }) =>
          new Both(`${second.kind} meets ${first.kind}`, (side, place) => meet({ side, place, first, second, isKept })),
      ),
  ],
  { maxCommands: 30, size: 'max' },
);

class Both implements Command {
  readonly name: string;
  readonly act: (side: Side, place: WithoutPool) => Promise<unknown>;
  readonly deed: Deed | undefined;

  constructor(name: string, act: (side: Side, place: WithoutPool) => Promise<unknown>, deed?: Deed) {
    this.name = name;
    this.act = act;
    this.deed = deed;
  }

  check(): boolean {
    return true;
  }

  async run(progress: Progress, { model, postgres }: Sides): Promise<void> {
    const deliveries: readonly InboxDelivery[] =
      this.deed?.kind === 'add' ? toDeliveries(this.deed.deliveries, { from: progress.next, nowMs: progress.nowMs }) : [];
    progress.next += deliveries.length * 10;
    const { runs, effects, events } = (await model.dump()) as Pick<WithoutPool, 'runs' | 'effects'> & {
      readonly events: readonly { readonly uuid: string }[];
    }; // what `dump` makes
    const place = { runs, effects, eventUuids: events.map(({ uuid }) => uuid), deliveries };
    const [said, meant] = await Promise.all([this.act(postgres, place), this.act(model, place)]);
    await compare({ model, postgres }, { name: this.name, said, meant });
  }

  toString(): string {
    return this.deed === undefined ? this.name : JSON.stringify(this.deed);
  }
}

class Pass implements Command {
  readonly ms: number;

  constructor(ms: number) {
    this.ms = ms;
  }

  check(): boolean {
    return true;
  }

  async run(progress: Progress, { model, postgres }: Sides): Promise<void> {
    progress.nowMs += this.ms;
    await Promise.all([model.setNow(progress.nowMs), postgres.setNow(progress.nowMs)]);
  }

  toString(): string {
    return `${this.ms} ms pass`;
  }
}

async function compare(
  { model, postgres }: Sides,
  { name, said, meant }: { readonly name: string; readonly said: unknown; readonly meant: unknown },
): Promise<void> {
  expect(rounded(meant), `what the model says to ${name}`).toEqual(rounded(said));
  const [stands, wouldStand] = await Promise.all([postgres.dump(), model.dump()]);
  expect(wouldStand, `the tables of the model after ${name}`).toEqual(stands);
}

/** Several things in one transaction, which is kept or thrown away. */
async function inTransaction(side: Side, place: WithoutPool, works: readonly LedgerDeed[], isKept: boolean): Promise<unknown> {
  const answers: unknown[] = [];
  const work = transaction(side.pool, async (tx) => {
    for (const deed of works) answers.push(await doLedgerDeed(tx, place, deed));
    if (!isKept) throw new ThrownAway();
  });
  await work.catch((error: unknown) => {
    if (!(error instanceof ThrownAway)) throw error;
  });
  return answers;
}

/** Something while a transaction of another connection is open: whether it waits for that, and what it says then. */
async function meet({
  side,
  place,
  first,
  second,
  isKept,
}: {
  readonly side: Side;
  readonly place: WithoutPool;
  readonly first: LedgerDeed;
  readonly second: LedgerDeed;
  readonly isKept: boolean;
}): Promise<unknown> {
  let meeting: Promise<unknown> = Promise.resolve();
  let how: 'over' | 'blocked' = 'over';
  let answer: unknown;
  const open = transaction(side.pool, async (tx) => {
    await tx.run(PATIENT);
    answer = await doLedgerDeed(tx, place, first);
    meeting = transaction(side.pool, async (other) => {
      await other.run(PATIENT);
      return doLedgerDeed(other, place, second);
    });
    how = await side.untilBlocked(meeting);
    if (!isKept) throw new ThrownAway();
  });
  await open.catch((error: unknown) => {
    if (!(error instanceof ThrownAway)) throw error;
  });
  return [answer, how, await meeting];
}

/** A busy machine must not decide who waits for whom. */
const PATIENT = 'SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0';

class ThrownAway extends Error {}

/** Ages are fractions of milliseconds in PostgreSQL. */
function rounded(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null, (key, inner: unknown) => (key === 'ageMs' ? Math.round(Number(inner)) : inner)));
}
