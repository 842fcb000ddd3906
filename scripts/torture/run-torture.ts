import type { Log } from '../../src/contracts/names.ts';
import { checkFacts } from '../drill/check-facts.ts';
import { collectFacts } from '../drill/collect-facts.ts';
import type { Answer, SentEvent } from '../drill/facts.ts';
import { createEventMaker, type EventMaker } from '../drill/make-events.ts';
import { createRandom } from '../../src/cli/drill/create-random.ts';
import type { UnknownMail, Violation } from '../drill/verdict.ts';
import { commonSites, listSites, toCaseId, type IoSite, type TortureCase } from './io-site.ts';
import { judgeLife } from './judge-life.ts';
import { liveOnce, type Life } from './live-once.ts';
import { startRig, type Rig } from './start-rig.ts';

/** How one case has ended. */
export interface CaseResult {
  readonly id: string;
  readonly eventId: string;
  /** Of its run. */
  readonly state: string;
  readonly code: string | null;
  readonly repairs: number;
  readonly tookMs: number;
  /** What is not as promised. */
  readonly problems: readonly string[];
}

/** What torture has found. */
export interface TortureResult {
  readonly sites: readonly IoSite[];
  readonly cases: readonly CaseResult[];
  /** Of the checker, over all that the rigs have done; those that name a case's event stand in its problems as well. */
  readonly violations: readonly Violation[];
  readonly unknownMails: readonly UnknownMail[];
}

/** Options of `runTorture`. */
export interface TortureOptions {
  /** How many lives go on at a time, each on servers and processes of its own. */
  readonly rigs: number;
  readonly folder: string;
  /** The checkout whose sources are run. */
  readonly root: string;
  readonly postgresUrl: string;
  readonly temporalAddress: string;
  readonly log: Log;
  /** Which of all cases are run. */
  readonly choose: (sites: readonly IoSite[]) => readonly TortureCase[];
  /** How long one life may take, in milliseconds. @default 120 s */
  readonly withinMs?: number;
  readonly onProgress: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Lives without a fault in each rig, from which the sites are read. */
const CLEAN_LIVES = 2;
const WITHIN_MS = 120_000;

/** Counts the I/O calls in an order's life, then lives it again and again with one of them gone wrong; nothing is left running. */
export async function runTorture(options: TortureOptions): Promise<TortureResult> {
  const { onProgress, signal } = options;
  onProgress(`starting ${options.rigs} ingresses and workers`);
  const started = await Promise.allSettled(
    Array.from({ length: options.rigs }, (_one, index) => startRig({ ...options, name: `rig${index + 1}` })),
  );
  const rigs = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  try {
    for (const one of started) if (one.status === 'rejected') throw one.reason;
    const lanes = rigs.map((rig) => toLane(rig, options.withinMs ?? WITHIN_MS));
    const sites = await findSites(lanes);
    const waiting = [...options.choose(sites)];
    const total = waiting.length;
    const cases: CaseResult[] = [];
    await Promise.all(
      lanes.map(async (lane) => {
        for (let fault = waiting.shift(); fault !== undefined; fault = waiting.shift()) {
          signal.throwIfAborted();
          cases.push(await lane.run(fault));
          onProgress(`${cases.length} of ${total} cases, ${cases.filter(({ problems }) => problems.length > 0).length} with problems`);
        }
      }),
    );
    const ends = await Promise.all(lanes.map((lane) => lane.judge()));
    const violations = ends.flatMap((end) => end.violations);
    return {
      sites,
      cases: cases.map((one) => withViolations(one, violations)),
      violations,
      unknownMails: ends.flatMap((end) => end.unknownMails),
    };
  } finally {
    await Promise.all(rigs.map((rig) => rig.close()));
  }
}

interface Lane {
  /** An order's life without a fault. */
  lead(options?: { readonly tail: boolean }): Promise<readonly IoSite[]>;
  run(fault: TortureCase): Promise<CaseResult>;
  judge(): Promise<Pick<TortureResult, 'violations' | 'unknownMails'>>;
}

function toLane(rig: Rig, withinMs: number): Lane {
  const maker: EventMaker = createEventMaker({ name: rig.name, random: createRandom(1), now: Date.now });
  const sent: SentEvent[] = [];
  const answers: Answer[] = [];
  const live = async (fault: TortureCase | undefined, tail = false): Promise<{ readonly life: Life; readonly eventId: string }> => {
    const [event] = maker.next({ kind: 'order', tail });
    if (event === undefined) throw new TypeError('an order is one event');
    sent.push(event.sent);
    const life = await liveOnce(rig, { event, fault, withinMs });
    answers.push(...life.answers);
    return { life, eventId: event.sent.id };
  };
  const lead: Lane['lead'] = async ({ tail } = { tail: false }) => {
    const { life } = await live(undefined, tail);
    if (life.run?.state !== 'done')
      throw new Error(`an order without a fault waits for ${life.waitsFor ?? `nothing, and is ${life.run?.state}`}`);
    return listSites(rig.gate.calls());
  };
  return {
    lead,
    async run(fault) {
      const { life, eventId } = await live(fault);
      const { run, repairs, tookMs } = life;
      return {
        id: toCaseId(fault),
        eventId,
        state: run?.state ?? 'none',
        code: run?.code ?? null,
        repairs,
        tookMs,
        problems: judgeLife(fault, life),
      };
    },
    async judge() {
      await lead({ tail: true });
      const { pool, vendors, processes } = rig;
      const load = { sent, answers };
      const facts = await collectFacts({ pool, vendors, fleet: processes }, { load, faults: [], wantsFaults: false, samples: [] });
      return checkFacts(facts);
    },
  };
}

/** The first life of a process prepares its statements and connections, and is none to count by. */
async function findSites(lanes: readonly Lane[]): Promise<readonly IoSite[]> {
  const lives = await Promise.all(
    lanes.map(async (lane) => {
      await lane.lead();
      const found: (readonly IoSite[])[] = [];
      while (found.length < CLEAN_LIVES) found.push(await lane.lead());
      return found;
    }),
  );
  return commonSites(lives.flat());
}

function withViolations(one: CaseResult, violations: readonly Violation[]): CaseResult {
  const own = violations.filter(({ about }) => isAbout(about, one.eventId));
  return { ...one, problems: [...one.problems, ...own.map(({ rule, about, detail }) => `${rule}: ${about}: ${detail}`)] };
}

/** Whether a subject of the checker's is the event: its id, with nothing that would make it another's. */
function isAbout(about: string, eventId: string): boolean {
  return about.split(/[^A-Za-z0-9-]/).includes(eventId);
}
