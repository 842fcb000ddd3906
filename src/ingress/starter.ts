import { NO_METER, type Meter } from '../contracts/metrics.ts';
import type { Log } from '../contracts/names.ts';
import { NO_TRACER, toRunSpan, type Tracer } from '../contracts/tracing.ts';
import type { ClaimedRun, Runs, StartedRun } from '../store/runs.ts';
import type { Chain } from '../workflows/define-chain.ts';
import { createBreaker } from './breaker.ts';
import { checkRun } from './check-run.ts';
import { classifyStartError } from './start-error.ts';
import { startRun, type StartResult } from './start-run.ts';
import type { ServerFacts, TemporalPort } from './temporal-port.ts';
import { toStartSpan } from './to-start-span.ts';

/** Takes committed runs to Temporal, and keeps their rows true to it. */
export interface Starter {
  /** Says that there is something to start; the sweep finds it all the same. Never throws, never waits. */
  nudge(): void;
  /** Since when Temporal cannot be reached; null while it can. */
  downSince(): Date | null;
  /** Stops claiming, and resolves when every start under way has its row. */
  close(): Promise<void>;
}

/** What a starter works with. */
export interface StarterOptions {
  readonly runs: Runs;
  readonly temporal: TemporalPort;
  readonly chains: readonly Chain[];
  /** This process among all that start runs on the same database: a UUID. */
  readonly owner: string;
  /** Starts at a time. */
  readonly concurrency: number;
  /** How often the sweep looks for runs to start and rows to check, in milliseconds. */
  readonly sweepMs: number;
  /** How long a claimed run belongs to this process, in milliseconds; longer than a start's deadline. */
  readonly leaseMs: number;
  readonly log: Log;
  /** @default measures nothing */
  readonly meter?: Meter;
  /** @default traces nothing */
  readonly tracer?: Tracer;
  readonly now: () => Date;
}

const CHECKS_PER_SWEEP = 50;
/** How long facts of the server are believed. */
const FACTS_MS = 60_000;

/** Starts sweeping at once. Correctness rests on the sweep over rows alone; a nudge only makes it faster. */
export function createStarter(options: StarterOptions): Starter {
  const { runs, temporal, concurrency, sweepMs, log, meter = NO_METER, tracer = NO_TRACER, now } = options;
  const breaker = createBreaker(now);
  const inFlight = new Set<Promise<void>>();
  let closing = false;
  let pumping: Promise<void> | null = null;
  let again = false;
  let facts: { readonly value: ServerFacts; readonly at: number } | null = null;

  const pump = (): void => {
    again = true;
    pumping ??= drain().finally(() => {
      pumping = null;
    });
  };

  /** Claims and starts until nothing is due, the slots are full, or Temporal cannot be reached. Never rejects. */
  async function drain(): Promise<void> {
    while (again && !closing) {
      again = false;
      const free = concurrency - inFlight.size;
      if (free <= 0 || (breaker.isOpen() && !breaker.mayProbe())) return;
      try {
        const known = await serverFacts();
        for (const run of await runs.claim({ owner: options.owner, limit: free, leaseMs: options.leaseMs })) follow(start(run, known));
      } catch (error) {
        noticeFailure(error);
      }
    }
  }

  function follow(work: Promise<void>): void {
    const followed = work.catch(noticeFailure).finally(() => {
      inFlight.delete(followed);
      if (inFlight.size <= concurrency / 2) pump();
    });
    inFlight.add(followed);
  }

  async function start(run: ClaimedRun, known: ServerFacts): Promise<void> {
    const startedAt = performance.now();
    const result = await startRun({ run, temporal, facts: known, chains: options.chains });
    const durationSeconds = (performance.now() - startedAt) / 1_000;
    meter.count('hookline_starts_total', { outcome: result.kind, cause: result.kind === 'failed' ? result.code : '' });
    meter.observe('hookline_start_duration_seconds', {}, durationSeconds);
    await write(run, result);
    if (tracer.takes(run.event.uuid)) {
      const endMs = now().getTime();
      tracer.record(toStartSpan({ run, result, startMs: endMs - (performance.now() - startedAt), endMs }));
    }
    if (result.kind === 'unreachable') noticeDown(result.detail);
    log[result.kind === 'failed' ? 'error' : result.kind === 'unreachable' ? 'warn' : 'info'](
      {
        source: run.event.source,
        event_id: run.event.id,
        event_uuid: run.event.uuid,
        chain: run.chain,
        workflow_id: run.workflowId,
        attempt: run.attempt,
        outcome: result.kind,
        code: result.kind === 'failed' ? result.code : undefined,
        cause: 'detail' in result ? result.detail : undefined,
        duration_s: (performance.now() - startedAt) / 1000,
      },
      'start',
    );
  }

  async function write({ event, chain, attempt, tries }: ClaimedRun, result: StartResult): Promise<void> {
    const row = { eventUuid: event.uuid, chain, attempt };
    switch (result.kind) {
      case 'started':
        return runs.markStarted({ ...row, runId: result.runId });
      case 'adopted':
        await runs.markStarted({ ...row, runId: result.runId });
        if (result.outcome !== null) await runs.markOutcome({ ...row, outcome: result.outcome });
        return;
      case 'failed':
        return runs.failStart({ ...row, code: result.code, detail: result.detail });
      case 'later':
        return runs.postpone({ ...row, delayMs: Math.min(500 * 2 ** tries, 30_000), countTry: result.countTry });
      case 'unreachable':
        return runs.postpone({ ...row, delayMs: 0, countTry: false });
    }
  }

  async function check(run: StartedRun, retentionMs: number): Promise<void> {
    const result = await checkRun({ run, temporal, retentionMs, now: now() });
    if (result.kind === 'running') return;
    const { eventUuid, chain, attempt } = run;
    const closed = result.kind === 'closed' ? result.outcome : null;
    const changed =
      closed === null
        ? await runs.restartForgotten({ eventUuid, chain, attempt })
        : await runs.markOutcome({ eventUuid, chain, attempt, outcome: closed });
    if (!changed) return; // the run has written its outcome while it was looked at
    if (closed !== null && tracer.takes(eventUuid))
      tracer.record(toRunSpan({ ...run, startMs: run.startedAt.getTime(), endMs: now().getTime(), outcome: closed }));
    log.warn(
      {
        event_uuid: eventUuid,
        chain,
        workflow_id: run.workflowId,
        attempt,
        outcome: closed?.state ?? 'restarted',
        code: closed?.code ?? undefined,
      },
      'run repaired from Temporal',
    );
    pump();
  }

  async function checkDue(): Promise<void> {
    if (closing || breaker.isOpen()) return;
    const { retentionMs } = await serverFacts();
    const due = await runs.dueChecks({ limit: CHECKS_PER_SWEEP });
    for (const run of due) await check(run, retentionMs);
  }

  async function serverFacts(): Promise<ServerFacts> {
    if (facts === null || now().getTime() - facts.at > FACTS_MS || breaker.isOpen()) {
      facts = { value: await temporal.facts(), at: now().getTime() };
      noticeUp();
    }
    return facts.value;
  }

  function noticeFailure(error: unknown): void {
    const failure = classifyStartError(error);
    if (failure.kind === 'unreachable') noticeDown(failure.detail);
    else log.error({ err: error, component: 'starter' }, 'sweep failed');
  }

  function noticeDown(detail: string): void {
    if (breaker.trip())
      log.error({ code: 'temporal.unavailable', cause: detail }, 'Temporal cannot be reached; events are accepted and started later');
  }

  function noticeUp(): void {
    if (!breaker.reset()) return;
    log.info({ component: 'starter' }, 'Temporal is back');
    // What a server has lost, it has lost in an outage: look at every started run soon.
    follow(runs.checkAllSoon().then(pump));
  }

  let checking: Promise<void> | null = null;
  const timer = setInterval(() => {
    pump();
    checking ??= checkDue()
      .catch(noticeFailure)
      .finally(() => {
        checking = null;
      });
  }, sweepMs);
  follow(runs.checkAllSoon());
  pump();

  return {
    nudge: pump,
    downSince: breaker.downSince,
    async close() {
      closing = true;
      clearInterval(timer);
      await Promise.all([pumping, checking]);
      while (inFlight.size > 0) await Promise.all(inFlight);
    },
  };
}
