import { EARLY_ANSWER } from './common-mutants.ts';
import type { FaultRow } from './fault-row.ts';

const CROWDS = 'test/edge/crowds.live.test.ts';
const LIMITS = 'test/ingress/server-limits.test.ts';
const DRAIN = 'test/ingress/server-drain.test.ts';

/** The faults of the public edge, of processes that end, of deploys, and of a Temporal that has too much to do. */
export const ROWS_34_TO_43: readonly FaultRow[] = [
  {
    number: 34,
    fault: 'a flood of unsigned requests',
    expected: '401 at little cost, of which no sender can buy more; who signs has his answer about as fast as before',
    tests: [
      { file: CROWDS, name: 'slow down no sender by a flood of unsigned requests' },
      {
        file: 'test/ingress/explain-refusal.test.ts',
        name: 'is looked for five times a second, whoever asks: a flood buys no more work',
      },
    ],
    mutant: {
      file: 'src/ingress/explain-refusal.ts',
      find: 'looked > PER_SECOND',
      replace: 'looked > Infinity',
      means: 'every refusal is looked into',
    },
  },
  {
    number: 35,
    fault: 'heads and bodies come a byte at a time, and more connections are held than there may be',
    expected: '408 after 5 s for a head, 10 s in all; of too many connections those that have signed nothing make room',
    tests: [
      {
        file: CROWDS,
        name: 'turn no new sender away by more connections than there may be, each opened again when it is cut: %s',
      },
      { file: LIMITS, name: 'cut a connection whose head does not come in time: 408' },
      { file: LIMITS, name: 'cut a body that comes a byte at a time: 408, and a row, since the source is known' },
      { file: LIMITS, name: 'are set on the server that listens' },
    ],
    mutant: {
      file: 'src/ingress/http-server.ts',
      find: 'requestTimeout: limits.requestTimeoutMs,',
      replace: 'requestTimeout: 0,',
      means: 'a body may take as long as it likes',
    },
  },
  {
    number: 36,
    fault: 'SIGTERM under load',
    expected: 'readiness is off first, each reply closes its connection, what is under way is answered, nothing is reset; over within 10 s',
    tests: [
      { file: 'test/system/admin.live.test.ts', name: 'turns readiness off before webhooks are turned away' },
      { file: DRAIN, name: 'answers every request of busy senders, and resets none of their connections' },
      { file: DRAIN, name: 'ends in under 1 s while 20 senders hold idle connections and 5 more never sent a byte' },
      { file: DRAIN, name: 'still serves for a while, closing each connection behind its reply, and refuses connections afterwards' },
    ],
    mutant: {
      file: 'src/ingress/drain.ts',
      find: 'isDraining: () => draining !== undefined || closed,',
      replace: 'isDraining: () => closed,',
      means: 'replies do not say that their connection ends',
    },
  },
  {
    number: 37,
    fault: 'each process is killed under load, again and again',
    expected: 'no acknowledged event is lost, no effect happens twice; of a mail that was going out a person is asked',
    tests: [
      { file: 'test/system/replicas.live.test.ts', name: 'lose no event and repeat no effect while each of them is killed in turn' },
      { file: 'test/system/ingress-kill.live.test.ts', name: 'loses nothing that it has acknowledged, under load' },
    ],
    mutant: EARLY_ANSWER,
  },
  {
    number: 38,
    fault: 'a chain is changed under live runs, and workers of two versions run',
    expected: 'recorded histories of every release replay; a run that a worker cannot carry on waits for one that can',
    tests: [
      { file: 'test/workflows/run-chain.live.test.ts', name: 'keeps a run of an unknown chain alive for a worker that knows it' },
      { file: 'test/workflows/histories.replay.test.ts', name: '%s replays' },
    ],
    mutant: {
      file: 'src/workflows/chains/new-order.ts',
      find: 'await agents.fulfilment.notifyWarehouse(',
      replace:
        "await agents.analytics.record({ name: 'order_seen', subject: order.id, value: order.total.amount, currency: order.total.currency });\n    await agents.fulfilment.notifyWarehouse(",
      means: 'a step is put in between, under the same name of the chain',
    },
  },
  {
    number: 39,
    fault: 'Temporal takes few requests (RESOURCE_EXHAUSTED)',
    expected: 'starts come at the pace that it takes; none is lost, it does not pass for down, and what is too large fails alone',
    tests: [
      {
        file: 'test/ingress/shedding.live.test.ts',
        name: 'a server that takes few starts a second gets them at its pace: none is lost, few are shed, one that is too large fails alone',
      },
      {
        file: 'test/ingress/temporal-weather.test.ts',
        name: 'is not down, and is given starts as fast as it takes them, and few checks beside them',
      },
      { file: 'test/ingress/start-error.test.ts', name: 'takes %s for what it is' },
    ],
    mutant: {
      file: 'src/ingress/start-error.ts',
      find: "if (code === GRPC.resourceExhausted) return { kind: 'shedding', detail };",
      replace: "if (code === GRPC.resourceExhausted) return { kind: 'unreachable', detail };",
      means: 'a server that sheds load passes for one that is down',
    },
  },
  {
    number: 40,
    fault: 'the Temporal server is killed among starts',
    expected: 'each event has its run once it is back, and the one that its row says',
    tests: [
      {
        file: 'test/runtime/temporal-server.live.test.ts',
        name: 'tells when the server ends by itself, and loses nothing that it had acknowledged',
      },
      {
        file: 'test/faults/temporal-killed.live.test.ts',
        name: 'Temporal is killed among starts, again and again: every run is started, and is the one that its row says',
      },
    ],
    mutant: {
      file: 'src/ingress/starter.ts',
      find: "case 'unreachable':\n      case 'shedding':\n        return runs.postpone({ ...row, delayMs: 0, countTry: false });",
      replace:
        "case 'unreachable':\n      case 'shedding':\n        return runs.failStart({ ...row, code: 'run.startRefused', detail: '' });",
      means: 'a start whose answer is lost is given up',
    },
  },
  {
    number: 41,
    fault: 'the event loop of a process stands still',
    expected: 'its readiness does not answer meanwhile, and its metrics say for how long it stood; what has come meanwhile is served',
    tests: [
      { file: 'test/admin/watch-process.test.ts', name: 'shows how late the event loop comes' },
      {
        file: 'test/faults/ingress-stalled.test.ts',
        name: 'an ingress stands still for longer than a request may take: it serves what has come meanwhile, and gives up what has not',
      },
    ],
    mutant: {
      file: 'src/ingress/client-error.ts',
      find: "if (error.code !== 'ERR_HTTP_REQUEST_TIMEOUT') return",
      replace: 'if (error.code !== undefined) return',
      means: 'a request is given up by the clock alone',
    },
  },
  {
    number: 42,
    fault: 'a process has no file descriptors left',
    expected: 'whoever is connected is served, newcomers are turned away at once, and are taken again by itself',
    tests: [
      {
        file: 'test/faults/few-files.live.test.ts',
        name: 'an ingress has no file descriptors left: it goes on for whom it has, turns newcomers away, and takes them again by itself',
      },
    ],
    mutant: {
      file: 'src/ingress/http-server.ts',
      find: 'connectionsCheckingInterval: limits.connectionsCheckMs,',
      replace: 'connectionsCheckingInterval: 3_600_000,',
      means: 'strangers keep what they hold',
    },
  },
  {
    number: 43,
    fault: 'the workflow task of a run fails for ever',
    expected: 'told as `run.taskFailing` with its cause, in lists, `why`, metrics and an alert; it goes on once the right worker is there',
    tests: [
      {
        file: 'test/store/alert-findings.live.test.ts',
        name: 'finds runs that Temporal has not carried on for a minute, by chain, and names the event of the first',
      },
      {
        file: 'test/ingress/stuck-runs.live.test.ts',
        name: 'tells of a run that no worker can carry on that it is stuck and why, and takes it back once the right ones are deployed',
      },
    ],
    mutant: {
      file: 'src/ingress/check-run.ts',
      find: 'if (ours && view.taskFailure !== undefined)',
      replace: 'if (ours && view.taskFailure === null)',
      means: 'a run whose task fails is taken for one that goes on',
    },
  },
];
