import type { Pool } from '../../../src/store/pool.ts';
import type { DrillFleet } from '../drill-fleet.ts';
import type { Fault } from '../faults.ts';
import { between } from '../random.ts';

/** Segments of the log that PostgreSQL may have in hand; without one it can write nothing at all, and stops. */
const SEGMENTS_IN_HAND = 12;

/** More than the pages of tables have room for. */
const EVENTS = 200;

/**
 * The disk of PostgreSQL is full for 8 to 14 s, then there is room again, and PostgreSQL is started where it has ended. By turns it has no
 * segment of its log left, and stops; or it can write its log, and cannot make its tables larger, which many events at once call for.
 */
export const diskFull: Fault = async ({ stack: { disk, pool, postgres, fleet }, load, random, note, wait, isOver }) => {
  const logToo = random() < 0.5;
  note(logToo ? 'the disk was full, of the log too' : 'the disk was full');
  await disk().fill();
  if (logToo) await useUpLog(pool);
  else load.burst(EVENTS);
  await wait(between(random, 8_000, 14_000));
  if (logToo && !isOver()) await demandUnready(fleet);
  await disk().free();
  await postgres.start();
};

/** Ends segment after segment of the log, until there is no room for the next one. */
async function useUpLog(pool: Pool): Promise<void> {
  for (let segment = 0; segment < SEGMENTS_IN_HAND; segment += 1) {
    const ended = pool.query({ name: 'drill.endSegment', text: "SELECT pg_logical_emit_message(false, 'drill', ''), pg_switch_wal()" });
    const hadRoom = await ended.then(
      () => true,
      () => false,
    );
    if (!hadRoom) return;
  }
}

/** Where nothing can be made durable, no ingress may ask for webhooks. */
async function demandUnready({ isReady }: DrillFleet): Promise<void> {
  for (const name of ['ingress-1', 'ingress-2'] as const)
    if (await isReady(name)) throw new Error(`${name} said that it was ready while PostgreSQL could write nothing`);
}
