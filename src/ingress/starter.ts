import { systemEvery, type Every } from '../contracts/every.ts';
import { NO_METER, type Meter } from '../contracts/metrics.ts';
import type { Log } from '../contracts/names.ts';
import { NO_TRACER, toRunSpan, type Tracer } from '../contracts/tracing.ts';
import type { ClaimedRun, Runs, StartedRun } from '../store/runs.ts';
import type { Chain } from '../workflows/define-chain.ts';
import { checkRun } from './check-run.ts';
import { startRun, type StartResult } from './start-run.ts';
import { createStartWidth } from './start-width.ts';
import type { ServerFacts, TemporalPort } from './temporal-port.ts';
import { createTemporalWeather } from './temporal-weather.ts';
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

/** What a starter asks of the rows of runs. */
export type StarterRuns = Pick<
  Runs,
  | 'checkAllSoon'
  | 'claim'
  | 'clearStuck'
  | 'dueChecks'
  | 'failStart'
  | 'markOutcome'
  | 'markStarted'
  | 'markStuck'
  | 'postpone'
  | 'restartForgotten'
>;

/** What a starter works with. */
export interface StarterOptions {
  readonly runs: StarterRuns;
  readonly temporal: TemporalPort;
  readonly chains: readonly Chain[];
  /** This process among all that start runs on the same database: a UUID. */
  readonly owner: string;
  /** Starts at a time at most; fewer while Temporal answers them late. */
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
  /** Drives the sweep. @default the system's timer */
  readonly every?: Every;
}

const CHECKS_PER_SWEEP = 50;
const LEVELS = {
  started: 'info',
  adopted: 'info',
  later: 'info',
  shedding: 'info',
  unreachable: 'warn',
  failed: 'error',
} as const satisfies Record<StartResult['kind'], keyof Log>;

/** Starts sweeping at once. Correctness rests on the sweep over rows alone; a nudge only makes it faster. */
export function createStarter(options: StarterOptions): Starter {
  const { runs, temporal, concurrency, sweepMs, log, meter = NO_METER, tracer = NO_TRACER, now, every = systemEvery } = options;
  const weather = createTemporalWeather({ temporal, log, now, onBack });
  const width = createStartWidth({ most: concurrency, now });
  const { noticeFailure } = weather;
  const inFlight = new Set<Promise<void>>();
  let closing = false;
  let pumping: Promise<void> | null = null;
  let again = false;

  const pump = (): void => {
    again = true;
    pumping ??= drain().finally(() => {
      pumping = null;
    });
  };

  /** Claims and starts until nothing is due, the slots are full, or Temporal cannot be reached, or takes no more. Never rejects. */
  async function drain(): Promise<void> {
    while (again && !closing) {
      again = false;
      const free = weather.allowed(width.current() - inFlight.size);
      if (free <= 0) return;
      try {
        const known = await weather.facts();
        const claimed = await runs.claim({ owner: options.owner, limit: free, leaseMs: options.leaseMs });
        weather.took(claimed.length);
        for (const run of claimed) follow(start(run, known));
      } catch (error) {
        noticeFailure(error);
      }
    }
  }

  function follow(work: Promise<void>): void {
    const followed = work.catch(noticeFailure).finally(() => {
      inFlight.delete(followed);
      if (inFlight.size <= width.current() / 2) pump();
    });
    inFlight.add(followed);
  }

  async function start(run: ClaimedRun, known: ServerFacts): Promise<void> {
    const startedAt = performance.now();
    const [before, askedAt] = [weather.answers(), now().getTime()];
    const result = weather.notice(await startRun({ run, temporal, facts: known, chains: options.chains }), before);
    if (result.kind === 'started') width.answered(now().getTime() - askedAt);
    const durationSeconds = (performance.now() - startedAt) / 1_000;
    meter.count('hookline_starts_total', { outcome: result.kind, cause: result.kind === 'failed' ? result.code : '' });
    meter.observe('hookline_start_duration_seconds', {}, durationSeconds);
    await write(run, result);
    if (tracer.takes(run.event.uuid)) {
      const endMs = now().getTime();
      tracer.record(toStartSpan({ run, result, startMs: endMs - (performance.now() - startedAt), endMs }));
    }
    log[LEVELS[result.kind]](
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
        return runs.postpone({ ...row, delayMs: result.delayMs ?? Math.min(500 * 2 ** tries, 30_000), countTry: result.countTry });
      case 'unreachable':
      case 'shedding':
        return runs.postpone({ ...row, delayMs: 0, countTry: false });
    }
  }

  async function check(run: StartedRun, retentionMs: number): Promise<void> {
    const result = await checkRun({ run, temporal, retentionMs, now: now() });
    const { eventUuid, chain, attempt } = run;
    if (result.kind === 'running') return run.stuck ? runs.clearStuck({ eventUuid, chain, attempt }) : undefined;
    if (result.kind === 'stuck') return noteStuck(run, result.detail);
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

  async function noteStuck({ eventUuid, chain, attempt, workflowId, stuck }: StartedRun, detail: string): Promise<void> {
    await runs.markStuck({ eventUuid, chain, attempt, detail });
    if (stuck) return;
    const facts = { event_uuid: eventUuid, chain, workflow_id: workflowId, attempt, code: 'run.taskFailing', cause: detail };
    log.error(facts, 'Temporal cannot carry a run on: its workflow task fails again and again');
  }

  async function checkDue(): Promise<void> {
    const limit = closing ? 0 : weather.allowedChecks(CHECKS_PER_SWEEP);
    if (limit === 0) return;
    const { retentionMs } = await weather.facts();
    for (const run of await runs.dueChecks({ limit })) {
      if (weather.downSince() !== null) return; // the others are due again by themselves, and at once when Temporal is back
      await check(run, retentionMs).catch(noticeFailure); // one that cannot be looked at keeps no other from it
    }
  }

  /** What a server has lost, it has lost in an outage: look at every started run soon. */
  function onBack(): void {
    follow(runs.checkAllSoon().then(pump));
  }

  let checking: Promise<void> | null = null;
  const endSweep = every(sweepMs, () => {
    pump();
    checking ??= checkDue()
      .catch(noticeFailure)
      .finally(() => {
        checking = null;
      });
  });
  follow(runs.checkAllSoon());
  pump();

  return {
    nudge: pump,
    downSince: weather.downSince,
    async close() {
      closing = true;
      endSweep();
      await Promise.all([pumping, checking]);
      while (inFlight.size > 0) await Promise.all(inFlight);
    },
  };
}
