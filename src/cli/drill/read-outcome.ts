import { setTimeout as sleep } from 'node:timers/promises';
import { entities } from '../../admin/api/entities.ts';
import { events } from '../../admin/api/events.ts';
import type { EventListView } from '../../admin/api/views/event-view.ts';
import type { ApiClient } from '../api/api-client.ts';
import { readPages } from '../read-pages.ts';
import { inTurns } from '../trigger/in-turns.ts';
import { isClosed } from '../wait-for-runs.ts';
import type { DrillFacts } from './drill-facts.ts';

/** Options of `readOutcome`. */
export interface OutcomeOptions {
  readonly source: string;
  /** The beginning of every id of the drill. */
  readonly prefix: string;
  /** When the drill began, by this machine's clock. */
  readonly startedAt: Date;
  /** How long no run may close before what is open counts as waiting. @default 120 s */
  readonly patienceMs?: number;
  /** Told with each look how many events still have an open run. */
  readonly onProgress: (open: number) => void;
  readonly signal: AbortSignal;
}

const PATIENCE_MS = 120_000;
const POLL_MS = 300;
/** A look at a busy installation may take long: no more than a fifth of the time is spent on looks. */
const PAUSE_FOR_LOOK = 4;
/** How far apart the clocks of this machine and of the ingress may be. */
const SKEW_MS = 10 * 60_000;
const AT_ONCE = 4;

/** Waits over the admin API until every run of a drill's events has closed, or none closes any more, and reads all that came of them. */
export async function readOutcome(
  api: ApiClient,
  { patienceMs = PATIENCE_MS, onProgress, signal, ...drill }: OutcomeOptions,
): Promise<Pick<DrillFacts, 'stored' | 'entities'>> {
  let fewest = Number.POSITIVE_INFINITY;
  let changedAt = performance.now();
  for (;;) {
    const lookedAt = performance.now();
    const listed = await listEvents(api, drill);
    const open = listed.filter((event) => !isClosed(event)).length;
    if (open < fewest) [fewest, changedAt] = [open, performance.now()];
    if (open === 0 || signal.aborted || performance.now() - changedAt > patienceMs) return readWhole(api, drill, listed);
    onProgress(open);
    await sleep(Math.max(POLL_MS, PAUSE_FOR_LOOK * (performance.now() - lookedAt)), undefined, { signal }).catch(() => undefined); // stopped: the next look is the last
  }
}

type Drill = Pick<OutcomeOptions, 'source' | 'prefix' | 'startedAt'>;

async function listEvents(api: ApiClient, { source, prefix, startedAt }: Drill): Promise<readonly EventListView[]> {
  const since = new Date(startedAt.getTime() - SKEW_MS);
  const { rows } = await readPages(
    { all: true, limit: 1 },
    {
      read: (page) => api.ask(events.list, { query: { source, text: prefix, since, ...page } }),
      rowsOf: (answer) => answer.events,
    },
  );
  return rows;
}

async function readWhole(
  api: ApiClient,
  { prefix }: Drill,
  listed: readonly EventListView[],
): Promise<Pick<DrillFacts, 'stored' | 'entities'>> {
  const types = [...new Set(listed.flatMap(({ entity }) => entity?.type ?? []))].toSorted();
  const found = await Promise.all(
    types.map(async (type) => {
      const page = await api.ask(entities.list, { params: { type }, query: { text: prefix, limit: 200 } });
      return page.entities.map(({ id }) => ({ type, id }));
    }),
  );
  const stored = await inTurns(listed, {
    atOnce: AT_ONCE,
    work: ({ uuid }) => api.ask(events.get, { params: { uuid } }),
    onResult: () => {},
  });
  return { stored, entities: found.flat() };
}
