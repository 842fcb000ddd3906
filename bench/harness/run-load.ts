import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { LoadLine, LoadPlan, LoadResult } from '../load/load-plan.ts';

const GENERATOR = join(import.meta.dirname, '../load/generate.ts');

/** Options of `runLoad`. */
export interface RunLoadOptions {
  readonly plan: LoadPlan;
  readonly signal: AbortSignal;
  /** Told when the measured window begins, and when it ends. */
  readonly onEdge: () => Promise<void>;
}

/** Runs the generator in a process of its own and resolves to what came of it. */
export async function runLoad({ plan, signal, onEdge }: RunLoadOptions): Promise<LoadResult> {
  const child = spawn(process.execPath, [GENERATOR, JSON.stringify(plan)], { stdio: ['ignore', 'pipe', 'inherit'], signal });
  const gone = once(child, 'close');
  gone.catch(() => {}); // whoever waits below is told
  const edges: Promise<void>[] = [];
  let result: LoadResult | undefined;
  for await (const text of createInterface({ input: child.stdout })) {
    const line = JSON.parse(text) as LoadLine; // the generator's own
    if (line.kind === 'result') result = line.result;
    else edges.push(onEdge());
  }
  await Promise.all([gone, ...edges]);
  if (result === undefined) throw new Error(`the load generator ended with ${child.exitCode ?? child.signalCode}`);
  return result;
}
