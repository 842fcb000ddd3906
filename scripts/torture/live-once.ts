import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../drill/facts.ts';
import type { MadeEvent } from '../drill/make-events.ts';
import { isAcknowledged, postEvent } from '../drill/post-event.ts';
import type { TortureCase } from './io-site.ts';
import type { Rig } from './start-rig.ts';

/** How an event has lived. */
export interface Life {
  readonly answers: readonly Answer[];
  /** Of its run; undefined where it has none. */
  readonly run: RunState | undefined;
  /** Times it was sent again because its run had failed. */
  readonly repairs: number;
  /** What it still waited for when its time was up. */
  readonly waitsFor: string | undefined;
  /** From the first post until all is over. */
  readonly tookMs: number;
}

/** What the row of its run says. */
export interface RunState {
  readonly state: string;
  readonly code: string | null;
  readonly workflowId: string;
}

const POLL_MS = 50;
const RETRY_MS = 200;
const MOST_REPAIRS = 3;

/**
 * Lets an event live, from its post until its run is over, here and in Temporal, and the fault has been met: its sender posts it until it is
 * acknowledged, and again while its run has failed by what a provider can repair.
 */
export async function liveOnce(
  rig: Rig,
  { event, fault, withinMs }: { readonly event: MadeEvent; readonly fault?: TortureCase | undefined; readonly withinMs: number },
): Promise<Life> {
  const startedAt = performance.now();
  const isLate = (): boolean => performance.now() - startedAt > withinMs;
  const answers: Answer[] = [];
  let repairs = 0;
  const until = async (what: string, holds: () => boolean | Promise<boolean>): Promise<string | undefined> => {
    while (!(await holds())) {
      if (isLate()) return what;
      await sleep(POLL_MS);
    }
    return undefined;
  };
  const post = async (): Promise<string | undefined> => {
    for (;;) {
      const { answer } = await postEvent(event, { port: rig.port, secret: rig.secret });
      answers.push(answer);
      if (isAcknowledged(answer)) return undefined;
      if (isLate()) return 'its acknowledgement';
      await sleep(RETRY_MS);
    }
  };
  const close = async (): Promise<string | undefined> => {
    for (;;) {
      const waits = await until('the end of its run', async () => isOver(await readRun(rig, event)));
      const run = await readRun(rig, event);
      if (waits !== undefined || run?.state !== 'failed' || run.code === 'effect.unknown' || repairs === MOST_REPAIRS) return waits;
      repairs += 1;
      const unheard = await post();
      if (unheard !== undefined) return unheard;
    }
  };

  rig.gate.begin({ eventId: event.sent.id, fault });
  const waitsFor =
    (await post()) ??
    (await close()) ??
    (await until('the fault', () => fault === undefined || rig.gate.isHit())) ??
    // a fault at the very end may have come after the run's own word
    (await close()) ??
    (await until('the end of its run in Temporal', () => isClosedInTemporal(rig, event)));
  rig.thaw();
  await rig.processes.ready();
  return { answers, run: await readRun(rig, event), repairs, waitsFor, tookMs: Math.round(performance.now() - startedAt) };
}

function isOver(run: RunState | undefined): boolean {
  return run?.state === 'done' || run?.state === 'failed' || run?.state === 'stopped';
}

async function readRun({ pool }: Rig, { sent }: MadeEvent): Promise<RunState | undefined> {
  const { rows } = await pool.query<RunState>({
    name: 'torture.run',
    text: `SELECT r.state, r.code, r.workflow_id AS "workflowId" FROM runs r JOIN events e ON e.uuid = r.event_uuid WHERE e.provider_id = $1`,
    values: [sent.id],
  });
  return rows[0];
}

async function isClosedInTemporal(rig: Rig, event: MadeEvent): Promise<boolean> {
  const run = await readRun(rig, event);
  if (run === undefined) return false;
  const { status } = await rig.temporal.client.workflow.getHandle(run.workflowId).describe();
  return status.name !== 'RUNNING';
}
