import { availableParallelism, cpus, release, totalmem } from 'node:os';

/** The machine, in one line: processors, memory, system, Node. */
export function describeMachine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${availableParallelism()} × ${model}, ${memory} GB, ${process.platform} ${release()}, Node ${process.version}`;
}
