import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection, type Connection } from './connection.ts';
import type { LoadLine, LoadPlan } from './load-plan.ts';
import { createRequests } from './make-requests.ts';
import { createSamples } from './samples.ts';

// The load generator, a process of its own: takes a plan as JSON, writes lines as JSON.

const TAIL_MS = 10_000;
const POLL_MS = 20;

const plan = JSON.parse(process.argv[2] ?? '') as LoadPlan; // written by `run-load.ts`
const { shape } = plan;
const makeRequest = createRequests(plan);
const port = Number(new URL(plan.url).port);
const others: Record<string, number> = {};
const [latency, lag] = [createSamples(), createSamples()];
let [acked, ackedInAll, opened, open] = [0, 0, 0, 0];
/** When the window began and ended; a time belongs to it by its intended start. */
const window = { from: Infinity, to: Infinity };
let isOver = false;

const connections = Array.from({ length: shape.connections }, () => createConnection({ port, onOpen: () => void (opened += 1) }));
const endLoad = shape.kind === 'closed' ? startClosed() : startOpen(shape.perSecond);

await sleep(plan.warmUpMs);
write({ kind: 'begun' });
window.from = performance.now();
const cpuAtStart = process.cpuUsage();
await sleep(plan.measureMs);
window.to = performance.now();
const cpu = process.cpuUsage(cpuAtStart);
const windowMs = window.to - window.from;
write({ kind: 'ended' });
isOver = true;
const unsent = endLoad();
for (const until = performance.now() + TAIL_MS; open > 0 && performance.now() < until;) await sleep(POLL_MS);
const unanswered = open + unsent;
for (const connection of connections) connection.close();
write({
  kind: 'result',
  result: {
    acked,
    ackedInAll,
    others,
    windowMs,
    latencyMs: latency.toQuantiles(),
    lagMs: lag.toQuantiles(),
    unanswered,
    cpuShare: (cpu.user + cpu.system) / 1_000 / windowMs,
    opened,
  },
});

/** Sends one request, whose clock began at `intendedAt`. */
function post(connection: Connection, intendedAt: number, onDone: () => void): void {
  open += 1;
  connection.send(makeRequest(), (status) => {
    open -= 1;
    if (status >= 200 && status < 300) {
      const now = performance.now();
      ackedInAll += 1;
      if (isInWindow(now)) acked += 1;
      if (isInWindow(intendedAt)) latency.add(now - intendedAt);
    } else {
      others[status] = (others[status] ?? 0) + 1;
    }
    onDone();
  });
}

/** Each connection sends its next request when its last one is answered. */
function startClosed(): () => number {
  const next = (connection: Connection): void => {
    if (!isOver) post(connection, performance.now(), () => next(connection));
  };
  connections.forEach(next);
  return () => 0;
}

/**
 * Requests begin at a fixed rate, whether earlier ones are answered or not; one that finds no free connection waits, and its clock runs.
 * What it returns ends that, and says how many were never sent.
 */
function startOpen(perSecond: number): () => number {
  const everyMs = 1_000 / perSecond;
  const free = [...connections];
  const due: number[] = [];
  const beganAt = performance.now();
  let made = 0;
  const pump = (): void => {
    while (due.length > 0) {
      const connection = free.pop();
      if (connection === undefined) return;
      const intendedAt = due.shift() ?? 0;
      post(connection, intendedAt, () => {
        free.push(connection);
        pump();
      });
    }
  };
  const timer = setInterval(() => {
    const now = performance.now();
    for (; beganAt + made * everyMs <= now; made += 1) {
      due.push(beganAt + made * everyMs);
      if (isInWindow(now)) lag.add(now - (beganAt + made * everyMs));
    }
    pump();
  }, 1);
  return () => {
    clearInterval(timer);
    return due.splice(0).length;
  };
}

function isInWindow(at: number): boolean {
  return at >= window.from && at < window.to;
}

function write(line: LoadLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
