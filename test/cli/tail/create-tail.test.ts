import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DeliveryView } from '../../../src/admin/api/views/delivery-view.ts';
import { createTail } from '../../../src/cli/tail/create-tail.ts';
import type { TailLine } from '../../../src/cli/tail/tail-line.ts';
import type { TailReader } from '../../../src/cli/tail/tail-reader.ts';
import type { RefusalCount } from '../../../src/store/deliveries.ts';
import { deliveryAt, eventAt, runOf, T0 } from './tail-rows.ts';

interface Arrival {
  readonly delivery: DeliveryView;
  /** When it can be seen. */
  readonly visibleMs: number;
}

/** A world with a clock: what has arrived and is visible, to a reader that may fail. */
function worldOf(arrivals: readonly Arrival[], { isDown = () => false }: { readonly isDown?: () => boolean } = {}) {
  let nowMs = 0;
  const told: TailLine[] = [];
  const counted: RefusalCount[] = [];
  const reach = (): void => {
    if (isDown()) throw new Error('down');
  };
  const visible = (since: Date | undefined): readonly DeliveryView[] =>
    arrivals
      .filter(({ delivery, visibleMs }) => visibleMs <= nowMs && delivery.receivedAt >= (since ?? new Date(0)))
      .map(({ delivery }) => delivery)
      .toSorted((a, b) => (a.id < b.id ? 1 : -1));
  const reader: TailReader = {
    newest: async (since) => {
      reach();
      return visible(since)[0]?.receivedAt;
    },
    deliveries: async (since) => {
      reach();
      return { rows: visible(since), counted: [...counted] };
    },
    events: async ({ ids }) => {
      reach();
      return ids.map((eventId) => eventAt(0, { eventId }));
    },
    runs: async ({ ids }) => {
      reach();
      return ids.map((eventId) => runOf({ eventId, state: 'done', closedAt: new Date(T0 + nowMs) }));
    },
  };
  return {
    reader,
    told,
    counted,
    options: { emit: (line: TailLine) => void told.push(line), now: () => new Date(T0 + nowMs) },
    pass: (ms: number) => (nowMs += ms),
    ids: () => told.flatMap((line) => (line.kind === 'delivery' ? [line.delivery.id] : [])),
  };
}

const arrival = fc.record({ receivedMs: fc.nat(120_000), lateMs: fc.oneof(fc.nat(2_000), fc.nat(40_000)) });

describe('a tail', () => {
  test('tells every delivery that comes once, however late it becomes visible, and whichever looks fail', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(arrival, { maxLength: 40 }), fc.infiniteStream(fc.nat(9)), async (wanted, luck) => {
        const arrivals = wanted.map(({ receivedMs, lateMs }, index) => ({
          delivery: deliveryAt(receivedMs, { id: String(index), eventIds: [`e${index}`] }),
          visibleMs: receivedMs + lateMs,
        }));
        let started = false;
        const world = worldOf(arrivals, { isDown: () => started && luck.next().value === 0 });
        world.pass(30_000);
        const tail = createTail(world.options);
        await tail.look(world.reader);
        const begin = Math.max(
          -1,
          ...arrivals.filter(({ visibleMs }) => visibleMs <= 30_000).map(({ delivery }) => delivery.receivedAt.getTime() - T0),
        );
        started = true;
        for (let look = 0; look < 160; look++) {
          world.pass(1_000);
          await tail.look(world.reader).catch(() => undefined);
        }
        const expected = arrivals.filter(({ delivery, visibleMs }) => delivery.receivedAt.getTime() - T0 > begin || visibleMs > 30_000);
        expect(world.ids().toSorted()).toEqual(expected.map(({ delivery }) => delivery.id).toSorted());
        const runs = world.told.flatMap((line) => (line.kind === 'run' ? [line.run.eventId] : []));
        expect(runs.toSorted()).toEqual(expected.flatMap(({ delivery }) => delivery.eventIds).toSorted());
      }),
      { numRuns: 60 },
    );
  });

  test('begins where it is told to, oldest first, each run below its delivery', async () => {
    const world = worldOf([0, 1_000, 2_000].map((ms) => ({ delivery: deliveryAt(ms, { eventIds: [`e${ms}`] }), visibleMs: ms })));
    world.pass(60_000);
    await createTail({ ...world.options, since: new Date(T0 + 1_000) }).look(world.reader);
    expect(world.told.map((line) => (line.kind === 'delivery' ? line.delivery.receivedAt.getTime() - T0 : line.kind))).toEqual([
      1_000,
      2_000,
      'run',
      'run',
    ]);
  });

  test('passes over what is there when it begins', async () => {
    const world = worldOf([
      { delivery: deliveryAt(0), visibleMs: 0 },
      { delivery: deliveryAt(61_000), visibleMs: 61_000 },
    ]);
    world.pass(60_000);
    const tail = createTail(world.options);
    await tail.look(world.reader);
    expect(world.told).toEqual([]);
    world.pass(1_000);
    await tail.look(world.reader);
    expect(world.ids()).toEqual([deliveryAt(61_000).id]);
  });

  test('goes on after a long outage where it had ended', async () => {
    const times = [0, 1_000, 300_000, 600_000];
    let isDown = false;
    const world = worldOf(
      times.map((ms) => ({ delivery: deliveryAt(ms), visibleMs: ms })),
      { isDown: () => isDown },
    );
    const tail = createTail({ ...world.options, since: new Date(T0) });
    world.pass(1_000);
    await tail.look(world.reader);
    isDown = true;
    world.pass(900_000);
    await expect(tail.look(world.reader)).rejects.toThrow('down');
    isDown = false;
    await tail.look(world.reader);
    expect(world.ids()).toEqual(times.map((ms) => deliveryAt(ms).id));
  });

  test('tells by how many the counted refusals have grown', async () => {
    const world = worldOf([{ delivery: deliveryAt(0), visibleMs: 0 }]);
    const refused = { source: 'shop', code: 'signature.mismatch', minute: new Date(T0) };
    world.counted.push({ ...refused, count: 5 });
    const tail = createTail(world.options);
    for (const count of [5, 12, 12]) {
      world.counted.splice(0, 1, { ...refused, count });
      await tail.look(world.reader);
    }
    expect(world.told).toEqual([{ kind: 'counted', refused: { ...refused, count: 7 } }]);
  });
});
