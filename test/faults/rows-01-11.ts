import { EARLY_ANSWER, OWN_IDS } from './common-mutants.ts';
import type { FaultRow } from './fault-row.ts';

const OUTAGE = 'test/system/outage.live.test.ts';
const AWAY = 'test/faults/temporal-away.live.test.ts';
const CRASH = 'test/faults/ingress-crash.live.test.ts';
const DISK = 'test/faults/postgres-disk.live.test.ts';

/** The faults of Temporal, of an ingress that dies, and of the disk. */
export const ROWS_01_TO_11: readonly FaultRow[] = [
  {
    number: 1,
    fault: 'Temporal is down when an event comes',
    expected: 'acknowledged from PostgreSQL; its run waits, and is started by itself when Temporal is back',
    tests: [
      { file: OUTAGE, name: 'accepts 200 events meanwhile, and finishes 200 chains by itself when it is back, each effect once' },
      {
        file: 'test/ingress/breaker.test.ts',
        name: 'puts each probe further off, from 250 ms up to 5 s, and begins anew after the server was back',
      },
    ],
    mutant: {
      file: 'src/ingress/start-run.ts',
      find: "case 'unreachable':",
      replace: "case 'unreachable':\n      return { kind: 'failed', code: 'run.startRefused', detail: failure.detail };",
      means: 'a run that cannot be started now is given up',
    },
  },
  {
    number: 2,
    fault: 'Temporal takes connections, and says nothing',
    expected: 'acknowledged all the same; each start ends at its deadline of 2 s, and is made again once Temporal speaks',
    tests: [
      {
        file: AWAY,
        name: 'Temporal takes connections and says nothing: events are acknowledged, starts end at their deadline, and all is done once it speaks',
      },
    ],
    mutant: {
      file: 'src/ingress/temporal-port.ts',
      find: 'const DEADLINE_MS = 2_000;',
      replace: 'const DEADLINE_MS = 600_000;',
      means: 'a start waits for Temporal as long as it takes',
    },
  },
  {
    number: 3,
    fault: 'Temporal answers too late',
    expected: 'acknowledged all the same; no more starts are under way than may, the rest wait as rows; a lost answer makes no second run',
    tests: [
      {
        file: AWAY,
        name: 'Temporal answers too late: no more starts than may are under way, and one whose answer is lost makes no second run',
      },
    ],
    mutant: {
      file: 'src/ingress/starter.ts',
      find: 'width.current() - inFlight.size',
      replace: '1_000',
      means: 'as many starts are under way as there are runs',
    },
  },
  {
    number: 4,
    fault: 'Temporal goes down in the middle of chains, and comes back without its data',
    expected: 'each run goes on, and repeats no step that was finished',
    tests: [{ file: OUTAGE, name: 'starts unfinished runs again, and repeats nothing that was done' }],
    mutant: {
      file: 'src/activities/state-ledger.ts',
      find: 'async function doOnce(db: Session, performance: StatePerformance): Promise<Performed> {',
      replace:
        'async function doOnce(db: Session, given: StatePerformance): Promise<Performed> { const performance = { ...given, call: { ...given.call, key: `${given.call.key}-${given.runId}` } };',
      means: 'a step is another one in each run of Temporal',
    },
  },
  {
    number: 5,
    fault: 'an ingress is killed after a start, before it has written so',
    expected: 'the next one makes the same start again, and gets the run that is there',
    tests: [
      {
        file: 'test/system/ingress-kill.live.test.ts',
        name: 'at `runs.markStarted`, beforeForward: the event has one run, which ends, and its effects happen once',
      },
      {
        file: CRASH,
        name: 'an ingress that is killed after a start, before it has written so: the next one takes that run, and starts no other',
      },
    ],
    mutant: {
      file: 'src/ingress/start-run.ts',
      find: "return { kind: 'started', runId: await startOnce(temporal, toRequest({ run, facts, chains })) };",
      replace:
        "return { kind: 'started', runId: await startOnce(temporal, { ...toRequest({ run, facts, chains }), requestId: `${Math.random()}`, reuse: 'always' }) };",
      means: 'each try of a start is a run of its own',
    },
  },
  {
    number: 6,
    fault: 'an ingress is killed between the commit and the answer',
    expected: 'the provider sends again, and meets the one event: `duplicate`, one run',
    tests: [
      {
        file: 'test/system/ingress-kill.live.test.ts',
        name: 'at `inbox.insert`, afterReply: the event has one run, which ends, and its effects happen once',
      },
      { file: CRASH, name: 'an ingress that is killed between the commit and the answer: the sender sends again, and meets the one event' },
    ],
    mutant: OWN_IDS,
  },
  {
    number: 7,
    fault: 'an ingress is killed before the commit',
    expected: 'no 2xx was sent; what is sent again is taken once',
    tests: [
      { file: 'test/system/ingress-kill.live.test.ts', name: 'loses nothing that it has acknowledged, under load' },
      {
        file: CRASH,
        name: 'an ingress that is killed before a commit has acknowledged nothing of it, and what is sent again is taken once',
      },
    ],
    mutant: EARLY_ANSWER,
  },
  {
    number: 8,
    fault: 'power is lost',
    expected:
      'each acknowledgement had a flush of its own before it; what was written and not flushed is not needed, and a torn end of the log is passed over',
    tests: [
      { file: 'test/cli/doctor.live.test.ts', name: 'fails a PostgreSQL that acknowledges before it has flushed' },
      {
        file: 'test/store/inbox-outage.live.test.ts',
        name: 'keeps what it has acknowledged when PostgreSQL is killed in the middle of it',
      },
      { file: DISK, name: 'power is lost: every acknowledgement had a flush of its own, and nothing but what was flushed is needed' },
    ],
    mutant: {
      file: 'src/runtime/postgres-server.ts',
      find: "synchronous_commit: 'on',",
      replace: "synchronous_commit: 'off',",
      means: 'PostgreSQL answers a commit before it is on disk',
    },
  },
  {
    number: 9,
    fault: 'the disk of PostgreSQL is full',
    expected: 'what does not fit is answered 503 with `Retry-After` and said once; what is there stays; all goes on once there is room',
    tests: [
      {
        file: 'test/ingress/server-limits.test.ts',
        name: 'answer 503 with Retry-After when nothing is committed in time, and start what is committed later',
      },
      {
        file: DISK,
        name: 'the disk is full: what does not fit is not acknowledged, is told once, and leaves what is there alone; room makes it good',
      },
    ],
    mutant: {
      file: 'src/store/postgres-failure.ts',
      find: "new Set(['08', '28', '3D', '53', '57', '58'])",
      replace: "new Set(['08', '28', '3D', '57', '58'])",
      means: 'a full disk passes for a fault of each delivery',
    },
  },
  {
    number: 10,
    fault: 'the disk fails a flush',
    expected:
      'nothing is acknowledged, and no flush is tried again: PostgreSQL recovers from what was flushed; it takes deliveries once the disk does',
    tests: [
      {
        file: DISK,
        name: 'a flush fails: nothing is acknowledged, PostgreSQL falls back to what it had flushed rather than flush again, and what was acknowledged is there',
      },
    ],
    mutant: EARLY_ANSWER,
  },
  {
    number: 11,
    fault: 'a bit flips in a stored page',
    expected: 'PostgreSQL finds it by the page’s checksum and serves nothing of the page; all else goes on',
    tests: [
      {
        file: DISK,
        name: 'a bit flips in a stored page: it is found by its checksum and nothing of the page is served, while all else is',
      },
    ],
    mutant: {
      file: 'src/runtime/postgres-cluster.ts',
      find: "'--locale=C',",
      replace: "'--locale=C',\n    '--no-data-checksums',",
      means: 'pages have no checksums',
    },
  },
];
