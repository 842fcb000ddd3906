import type { Socket } from 'node:net';
import { between, type Random } from '../random.ts';
import type { LineFault } from './network.ts';

/** A connection to somebody, through us. */
export interface Relay {
  /** Ends it at once on both sides, whatever is still to be said. */
  cut(): void;
  /** Says whatever was held back; where answers were lost, the connection ends. */
  mend(): void;
}

/** Options of `relay`. */
export interface RelayOptions {
  /** To whoever asks. */
  readonly near: Socket;
  /** To whoever answers; it may still be connecting. */
  readonly far: Socket;
  /** How the line is broken now. */
  readonly faultNow: () => LineFault | undefined;
  readonly random: Random;
  readonly slowMs: readonly [least: number, most: number];
  readonly onClosed: () => void;
}

/** What waits for those before it too. */
interface HeldBack {
  readonly dueAt: number;
  /** Null: the end. */
  readonly chunk: Buffer | null;
}

/** Passes on what is said as it comes, and what is answered as the line allows, in order; what one side ends or breaks, ends or breaks on the other. */
export function relay({ near, far, faultNow, random, slowMs, onClosed }: RelayOptions): Relay {
  const heldBack: HeldBack[] = [];
  let timer: NodeJS.Timeout | undefined;
  let hasLost = false;

  // not `resetAndDestroy`: a socket that is about to end is lost by it, and Node 24 then never exits
  const cut = (): void => {
    clearTimeout(timer);
    near.destroy();
    far.destroy();
    onClosed();
  };
  const say = (chunk: Buffer | null): void => {
    if (chunk === null) near.end();
    else if (!near.write(chunk)) far.pause();
  };
  const sayDue = (now: number): void => {
    while (heldBack[0] !== undefined && heldBack[0].dueAt <= now) say(heldBack.shift()?.chunk ?? null);
    clearTimeout(timer);
    if (heldBack[0] !== undefined) timer = setTimeout(() => sayDue(performance.now()), heldBack[0].dueAt - now + 1);
  };
  const hear = (chunk: Buffer | null): void => {
    const fault = faultNow();
    if (fault === 'dropping') return cut();
    if (fault === 'silent') hasLost = true;
    else if (fault === undefined) say(chunk);
    else {
      const now = performance.now();
      heldBack.push({ dueAt: now + between(random, ...slowMs), chunk });
      if (heldBack.length === 1) sayDue(now);
    }
  };

  near.pipe(far);
  near.on('drain', () => far.resume());
  far.on('data', hear).on('end', () => hear(null));
  for (const socket of [near, far]) socket.on('error', cut);
  // each side has ended by itself
  near.once('close', () => far.destroyed && onClosed());
  far.once('close', () => near.destroyed && onClosed());
  return {
    cut,
    mend() {
      if (hasLost) cut();
      else sayDue(Number.POSITIVE_INFINITY);
    },
  };
}
