import { createChance } from './chance.ts';
import { toBytes } from './draft-request.ts';
import { once } from './fuzz-case.ts';
import { makeSound } from './sound-request.ts';
import { createSpeaker } from './speaker.ts';
import type { Speaker } from './speaker.ts';

/** What honest senders have seen for a while. */
export interface Probed {
  readonly probes: number;
  /** Those that were not answered 200. */
  readonly failed: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** How a probe goes. */
export interface ProbeOptions {
  readonly port: number;
  readonly forMs: number;
  readonly everyMs: number;
  /** Whether each comes over a connection of its own, as from a new sender. */
  readonly isNew: boolean;
  readonly now: () => Date;
}

/** Posts a signed event again and again at a fixed pace, whatever the answers take, and measures them. */
export async function probe({ port, forMs, everyMs, isNew, now }: ProbeOptions): Promise<Probed> {
  const count = Math.floor(forMs / everyMs);
  const kept = createSpeaker(port);
  const startedAt = performance.now();
  const took = await Promise.all(
    Array.from({ length: count }, async (_, at) => {
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, startedAt + at * everyMs - performance.now())));
      const speaker = isNew ? createSpeaker(port) : kept;
      try {
        return await measure(speaker, { at, now });
      } finally {
        if (isNew) speaker.close();
      }
    }),
  );
  kept.close();
  const sorted = took.filter((ms) => ms !== undefined).toSorted((a, b) => a - b);
  return { probes: count, failed: count - sorted.length, p50Ms: at(sorted, 0.5), p99Ms: at(sorted, 0.99) };
}

async function measure(speaker: Speaker, { at, now }: { readonly at: number; readonly now: () => Date }): Promise<number | undefined> {
  const sound = makeSound(createChance(now().getTime() % 1_000_000, at), { now: now() });
  const fuzz = once('probe', { bytes: toBytes(sound), signed: [sound], statuses: [200] });
  const startedAt = performance.now();
  const { answers } = await speaker.say(fuzz);
  return answers[0]?.status === 200 ? performance.now() - startedAt : undefined;
}

function at(sorted: readonly number[], share: number): number {
  return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN) * 10) / 10;
}
