import { createSpeaker } from './speaker.ts';
import { once } from './fuzz-case.ts';
import { probe } from './probe.ts';
import type { Probed } from './probe.ts';
import type { Edge } from './start-edge.ts';

/** What came of a flood. */
export interface Flooded {
  readonly perSecond: number;
  /** Unsigned requests that were answered 401 meanwhile. */
  readonly refused: number;
  readonly quiet: Probed;
  readonly flooded: Probed;
  /** p99 under the flood over p99 before it. */
  readonly p99Ratio: number;
}

/** What is needed to flood. */
export interface FloodOptions {
  readonly edge: Edge;
  /** Unsigned requests a second. */
  readonly perSecond: number;
  /** How long honest senders are watched, each time. */
  readonly forMs: number;
  readonly now: () => Date;
}

const TICK_MS = 10;
/** As many connections as a flood has at once: more is another attack, that of `holdConnections`. */
const MOST_WAITING = 256;
const UNSIGNED = once('flood', {
  bytes: Buffer.from(`POST /webhooks/hookline HTTP/1.1\r\nHost: a\r\nContent-Length: 2000\r\n\r\n${'x'.repeat(2_000)}`),
  signed: [],
  statuses: [401],
});

/** Posts unsigned requests of 2 kB at a fixed pace, while signed ones come at theirs. */
export async function flood({ edge, perSecond, forMs, now }: FloodOptions): Promise<Flooded> {
  const common = { port: edge.port, forMs, everyMs: 10, isNew: false, now };
  const quiet = await probe(common);
  const speaker = createSpeaker(edge.port);
  const startedAt = performance.now();
  let said = 0;
  let answered = 0;
  let refused = 0;
  const tick = setInterval(() => {
    const due = ((performance.now() - startedAt) / 1_000) * perSecond;
    for (; said < due && said - answered < MOST_WAITING; said += 1) void sayUnsigned();
  }, TICK_MS);
  const flooded = await probe(common);
  clearInterval(tick);
  speaker.close();
  return { perSecond, refused, quiet, flooded, p99Ratio: Math.round((flooded.p99Ms / quiet.p99Ms) * 100) / 100 };

  async function sayUnsigned(): Promise<void> {
    const { answers } = await speaker.say(UNSIGNED);
    answered += 1;
    refused += answers[0]?.status === 401 ? 1 : 0;
  }
}
