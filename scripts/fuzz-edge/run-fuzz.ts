import type { EdgeReport } from './edge-messages.ts';
import type { Blocker } from './find-blockers.ts';
import { MOST_DELAY_MS, findBlockers } from './find-blockers.ts';
import type { FuzzCase } from './fuzz-case.ts';
import { judge } from './judge.ts';
import { makeCase } from './make-case.ts';
import { createSpeaker } from './speaker.ts';
import type { Edge } from './start-edge.ts';

/** What a run has found. */
export interface FuzzVerdict {
  readonly ok: boolean;
  readonly seed: number;
  readonly requests: number;
  readonly cases: number;
  /** Answers by their status. */
  readonly byStatus: Readonly<Record<string, number>>;
  /** Cases by their kind. */
  readonly byKind: Readonly<Record<string, number>>;
  /** Deliveries that reached the inbox. */
  readonly taken: number;
  /** Of those, how many nobody has signed. */
  readonly forgeries: number;
  readonly serverErrors: number;
  readonly crashes: number;
  /** The first of everything that was not as it must be; the number chooses the case again. */
  readonly problems: readonly string[];
  /** How often something was not as it must be. */
  readonly problemCount: number;
  /** Inputs that hold the event loop up for more than 50 ms, each time. */
  readonly blockers: readonly Blocker[];
  /** The longest that the event loop stood still for work of its own, of 64 cases at once. */
  readonly worstDelayMs: number;
  readonly rssMb: number;
  readonly seconds: number;
}

/** What a run is made of. */
export interface FuzzOptions {
  readonly edge: Edge;
  readonly requests: number;
  readonly seed: number;
  readonly now: () => Date;
  /** Where in the seed's sequence it begins. @default 0 */
  readonly from?: number;
  /** Told after each round. */
  readonly onProgress?: (said: number) => void;
  readonly signal?: AbortSignal;
}

interface Made {
  readonly at: number;
  readonly fuzz: FuzzCase;
}

const ROUND = 256;
const AT_ONCE = 64;
const MOST_PROBLEMS = 50;

/** Says so many requests, judges every answer and everything that was taken, and finds out which input holds the ingress up. */
export async function runFuzz({ edge, requests, seed, now, from = 0, onProgress, signal }: FuzzOptions): Promise<FuzzVerdict> {
  const startedAt = performance.now();
  const speaker = createSpeaker(edge.port);
  const byStatus = new Map<string, number>();
  const byKind = new Map<string, number>();
  const problems: string[] = [];
  const blockers: Blocker[] = [];
  const total = { problems: 0, requests: 0, cases: 0, taken: 0, forgeries: 0, worstDelayMs: 0, rssMb: 0 };
  let issuedBefore = new Set<string>();

  while (total.requests < requests && edge.crash() === undefined && signal?.aborted !== true) {
    const round = makeRound(requests - total.requests);
    const issued = new Set(round.flatMap(({ fuzz }) => fuzz.signed));
    await sayRound(round);
    const report = await edge.report().catch(() => undefined);
    if (report === undefined) break;
    settle(report, new Set([...issued, ...issuedBefore])); // of a sender that has gone the last may come late
    if (report.worstDelayMs > MOST_DELAY_MS) blockers.push(...(await findBlockers({ edge, speaker }, round)));
    issuedBefore = issued;
    onProgress?.(total.requests);
  }

  speaker.close();
  const crash = edge.crash();
  if (crash !== undefined) note(`the ingress ${crash}`);
  const serverErrors = [...byStatus].reduce((sum, [status, count]) => (status >= '500' ? sum + count : sum), 0);
  return {
    ok: total.problems === 0 && blockers.length === 0 && total.requests >= requests,
    seed,
    requests: total.requests,
    cases: total.cases,
    byStatus: toRecord(byStatus),
    byKind: toRecord(byKind),
    taken: total.taken,
    forgeries: total.forgeries,
    serverErrors,
    crashes: crash === undefined ? 0 : 1,
    problems,
    problemCount: total.problems,
    blockers,
    worstDelayMs: Math.round(total.worstDelayMs),
    rssMb: total.rssMb,
    seconds: Math.round((performance.now() - startedAt) / 100) / 10,
  };

  function makeRound(left: number): readonly Made[] {
    const round: Made[] = [];
    for (let made = 0; round.length < ROUND && made < left;) {
      const at = from + total.cases + round.length;
      const fuzz = makeCase({ seed, at, now: now() });
      round.push({ at, fuzz });
      made += fuzz.requests;
    }
    return round;
  }

  async function sayRound(round: readonly Made[]): Promise<void> {
    const waiting = round.values();
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (const { at, fuzz } of waiting) {
          const heard = await speaker.say(fuzz);
          for (const { status } of heard.answers) raise(byStatus, String(status));
          raise(byKind, fuzz.kind);
          const problem = judge(fuzz, heard);
          if (problem !== undefined) note(`case ${at}, ${fuzz.kind}: ${problem}`);
          total.requests += fuzz.requests;
        }
      }),
    );
    total.cases += round.length;
  }

  function settle({ taken, errors, worstDelayMs, rssMb, polluted }: EdgeReport, issued: ReadonlySet<string>): void {
    const forged = taken.filter((keys) => !keys.some((key) => issued.has(key))).length;
    total.taken += taken.length;
    total.forgeries += forged;
    total.worstDelayMs = Math.max(total.worstDelayMs, worstDelayMs);
    total.rssMb = Math.max(total.rssMb, rssMb);
    if (forged > 0) note(`before case ${from + total.cases}: ${forged} deliveries that nobody has signed`);
    if (polluted) note(`before case ${from + total.cases}: the prototype of all objects is changed`);
    const unasked = speaker.takeUnasked();
    if (unasked > 0) note(`before case ${from + total.cases}: ${unasked} times bytes that nobody asked for`);
    for (const error of errors) note(`before case ${from + total.cases}: logged ${error}`);
  }

  function note(problem: string): void {
    total.problems += 1;
    if (problems.length < MOST_PROBLEMS) problems.push(problem);
  }
}

function raise(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function toRecord(counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  return Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
