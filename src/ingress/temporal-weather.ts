import type { Log } from '../contracts/names.ts';
import { createBreaker } from './breaker.ts';
import { createPace } from './pace.ts';
import { classifyStartError } from './start-error.ts';
import type { StartResult } from './start-run.ts';
import type { ServerFacts, TemporalPort } from './temporal-port.ts';

/** How Temporal is, as one process has found it; decides how much of it is asked. */
export interface TemporalWeather {
  /** How many of so many starts may be begun now: none while it is down and the next probe is not due, few while it sheds load. */
  allowed(most: number): number;
  /** So many were begun. */
  took(count: number): void;
  /** How many of so many started runs may be looked at now; starts come first. */
  allowedChecks(most: number): number;
  /** Since when it cannot be reached; null while it can. */
  downSince(): Date | null;
  /** What matters of it, at most a minute old; rejects where it cannot be asked. */
  facts(): Promise<ServerFacts>;
  /** How many starts it has answered so far. */
  answers(): number;
  /**
   * Takes what a start says of it that was begun after so many answers, and gives back what the start has come to: one that has got no answer while others did is a matter of
   * its own, which keeps nobody else waiting, and is tried again by itself.
   */
  notice(result: StartResult, answersBefore: number): StartResult;
  /** Takes what anything that was thrown says of it. */
  noticeFailure(error: unknown): void;
}

/** What the weather is made of. */
export interface TemporalWeatherOptions {
  readonly temporal: TemporalPort;
  readonly log: Log;
  readonly now: () => Date;
  /** It was down, and is back. */
  readonly onBack: () => void;
}

/** How long facts of the server are believed. */
const FACTS_MS = 60_000;
/** How long a start waits that got no answer while others did. */
const ALONE_MS = 5_000;
/** Of a pace that is limited a quarter goes to checks: a sweep, which comes twice a second or so, takes an eighth. */
const CHECKS_SHARE = 1 / 8;

/** Fair at first. */
export function createTemporalWeather({ temporal, log, now, onBack }: TemporalWeatherOptions): TemporalWeather {
  const breaker = createBreaker(now);
  const pace = createPace(now);
  let known: { readonly value: ServerFacts; readonly at: number } | null = null;
  let answers = 0;

  const noticeDown = (detail: string): void => {
    if (breaker.trip())
      log.error({ code: 'temporal.unavailable', cause: detail }, 'Temporal cannot be reached; events are accepted and started later');
  };
  const noticeUp = (): void => {
    if (!breaker.reset()) return;
    log.info({ component: 'starter' }, 'Temporal is back');
    onBack();
  };
  const noticeShedding = (detail: string): void => {
    if (pace.slower())
      log.warn({ code: 'temporal.shedding', cause: detail }, 'Temporal takes no more starts just now; they are made more slowly');
  };
  const noticeFailure = (error: unknown): void => {
    const failure = classifyStartError(error);
    if (failure.kind === 'unreachable') noticeDown(failure.detail);
    else if (failure.kind === 'shedding') noticeShedding(failure.detail);
    else log.error({ err: error, component: 'starter' }, 'sweep failed');
  };

  /** A server that sheds load has not changed meanwhile, and is not down. */
  const askFacts = async (): Promise<ServerFacts> => {
    try {
      return await temporal.facts();
    } catch (error) {
      if (known === null || classifyStartError(error).kind !== 'shedding') throw error;
      noticeFailure(error);
      return known.value;
    }
  };

  return {
    allowed: (most) => (breaker.isOpen() && !breaker.mayProbe() ? 0 : Math.min(most, pace.allowed())),
    took: pace.took,
    allowedChecks(most) {
      if (breaker.isOpen()) return 0;
      const perSecond = pace.perSecond();
      return perSecond === null ? most : Math.min(Math.max(1, Math.floor(perSecond * CHECKS_SHARE)), most);
    },
    downSince: breaker.downSince,
    async facts() {
      if (known === null || now().getTime() - known.at > FACTS_MS || breaker.isOpen()) {
        known = { value: await askFacts(), at: now().getTime() };
        noticeUp();
      }
      return known.value;
    },
    answers: () => answers,
    notice(result, answersBefore) {
      if (result.kind === 'unreachable' && answers > answersBefore)
        return { kind: 'later', countTry: false, delayMs: ALONE_MS, detail: result.detail };
      if (result.kind === 'unreachable') noticeDown(result.detail);
      else if (result.kind === 'shedding') noticeShedding(result.detail);
      else {
        answers += 1;
        if (pace.faster()) log.info({ component: 'starter' }, 'Temporal takes as many starts as there are');
      }
      return result;
    },
    noticeFailure,
  };
}
