import type { FaultRow } from './fault-row.ts';

const CUSTOMERS = 'test/system/customers.live.test.ts';
const ANSWERS = 'test/faults/vendor-answers.live.test.ts';
const OUTBOUND = 'test/activities/outbound-http.test.ts';

/** The faults of other vendors, of PostgreSQL, of clocks and secrets, and of what is in a body. */
export const ROWS_23_TO_33: readonly FaultRow[] = [
  {
    number: 23,
    fault: 'a vendor has had enough (429 with `Retry-After`)',
    expected: 'no worker asks it anything before its time is over, for no event; then all go on, with their patience unspent',
    tests: [
      { file: CUSTOMERS, name: 'that asks to be left alone: no event and no worker asks it before its time is over, then all do' },
      {
        file: 'test/activities/vendor-waits.live.test.ts',
        name: 'is asked nothing by anybody until its time is over; what waits has not been sent, and goes out after it',
      },
    ],
    mutant: {
      file: 'src/store/ledger.ts',
      find: ' AND NOT EXISTS (SELECT FROM wait)',
      replace: '',
      means: 'nobody heeds that a vendor wants to be left alone',
    },
  },
  {
    number: 24,
    fault: 'a vendor answers 5xx, or resets the connection after it has taken a call',
    expected: 'the same call again, under the same idempotency key; an outcome that nobody knows is kept as that meanwhile',
    tests: [
      { file: CUSTOMERS, name: 'that answers 500, then takes it: tried again under the same key' },
      {
        file: ANSWERS,
        name: 'a vendor resets the connection after it has taken a call: nobody knows, and it meets the same call under the same key',
      },
    ],
    mutant: {
      file: 'src/activities/effect-ledger.ts',
      find: 'effectKey: toEffectKey(call, round)',
      replace: 'effectKey: toEffectKey({ ...call, key: `${call.key}-${Math.random()}` }, round)',
      means: 'each sending has a key of its own',
    },
  },
  {
    number: 25,
    fault: 'a vendor refuses a call for good (400)',
    expected: 'tried no more: the run fails with `http.refused`, others go on, and a resend or a replay repairs it',
    tests: [
      { file: CUSTOMERS, name: 'that refuses for good: the run fails, and a resend repairs it' },
      { file: OUTBOUND, name: 'turns %i into %s' },
    ],
    mutant: {
      file: 'src/activities/outbound-http.ts',
      find: "throw new EffectFailure('http.refused', facts);",
      replace: "throw new EffectFailure('http.unavailable', facts);",
      means: 'a call that is refused is made again and again',
    },
  },
  {
    number: 26,
    fault: 'a vendor’s answer comes a byte at a time, or has no end',
    expected: 'given up after 10 s in all, or after 1 MiB, and not before; the outcome is unknown',
    tests: [
      { file: OUTBOUND, name: 'reads no more than a megabyte' },
      {
        file: ANSWERS,
        name: 'a vendor gives its answer a byte at a time: given up when the time of the whole call is over, however lively it is',
      },
      { file: ANSWERS, name: 'a vendor’s answer has no end: given up after a megabyte of it, whatever more there is' },
    ],
    mutant: {
      file: 'src/activities/outbound-http.ts',
      find: 'signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),',
      replace: 'signal,',
      means: 'only silence ends a call',
    },
  },
  {
    number: 27,
    fault: 'PostgreSQL is restarted or killed, or a connection to it is cut',
    expected: 'each process goes on with new connections; of a commit without an answer nobody believes anything: it is asked again',
    tests: [
      {
        file: 'test/store/inbox-outage.live.test.ts',
        name: 'rejects at once with `inbox.unavailable` when it is stopped, and takes deliveries again once it is back',
      },
      {
        file: 'test/store/inbox-outage.live.test.ts',
        name: 'keeps what it has acknowledged when PostgreSQL is killed in the middle of it',
      },
      {
        file: 'test/system/payments.live.test.ts',
        name: 'of the connection to PostgreSQL, as the payment is noted: noted and counted once',
      },
      { file: 'test/store/pool.live.test.ts', name: 'says that nobody knows when the connection breaks before a commit is answered' },
    ],
    mutant: {
      file: 'src/store/pool.ts',
      find: "throw new CommitUnknownError('postgres.unavailable',",
      replace: "throw new HooklineError('postgres.unavailable',",
      means: 'a commit without an answer passes for none',
    },
  },
  {
    number: 28,
    fault: 'PostgreSQL answers, and takes no writes: its disk is full, or it is a standby',
    expected: 'webhooks are answered 503; readiness fails, says why and since when; the first delivery that is stored makes it good',
    tests: [
      {
        file: 'test/system/admin.live.test.ts',
        name: 'is not ready while PostgreSQL answers and its disk is full, and is again with the first delivery that is stored',
      },
      {
        file: 'test/faults/postgres-read-only.live.test.ts',
        name: 'PostgreSQL takes no writes: webhooks are answered 503, the ingress is not ready and says why, and goes on once it does',
      },
      { file: 'test/admin/commit-watch.test.ts', name: 'tells since when commits fail, and why, until one succeeds' },
    ],
    mutant: {
      file: 'src/admin/commit-watch.ts',
      find: 'downSince: () => current()?.since ?? null,',
      replace: 'downSince: () => null,',
      means: 'readiness believes a PostgreSQL that answers, whatever becomes of commits',
    },
  },
  {
    number: 29,
    fault: 'a second process opens the data folder of the development stack',
    expected: 'refused with `stack.alreadyRunning`; what a process that has died has left does not refuse anybody',
    tests: [
      { file: 'test/cli/commands.live.test.ts', name: 'refuses a folder that another one uses' },
      {
        file: 'test/faults/one-folder.test.ts',
        name: 'another process has the data folder: nobody else takes it, until it has ended, however it has',
      },
      { file: 'test/faults/one-folder.test.ts', name: 'several come for the data folder in one moment: one of them takes it' },
    ],
    mutant: {
      file: 'src/runtime/take-folder.ts',
      find: 'if (other !== null)',
      replace: 'if (other !== null && other.pid === process.pid)',
      means: 'whoever comes takes the folder',
    },
  },
  {
    number: 30,
    fault: 'our clock is 10 minutes off, or jumps',
    expected: 'signed times are refused, counted and told as that; limits and waits neither storm nor stand still where it is set back',
    tests: [
      { file: 'test/ingress/pace.test.ts', name: 'goes on where the clock is set back' },
      { file: 'test/ingress/rate-limit.test.ts', name: 'takes nothing away when the clock is set back' },
      {
        file: 'test/ingress/release-turns.test.ts',
        name: 'look at once where the clock was set back, and do not wait until it has come to the same time again',
      },
      {
        file: 'test/faults/wrong-clock.test.ts',
        name: 'our clock is %i minutes off, then jumps back: signed times are refused and told as that, and taken from then on',
      },
    ],
    mutant: {
      file: 'src/providers/_signature.ts',
      find: 'if (toleranceSeconds === null) return undefined;',
      replace: 'if (toleranceSeconds !== null) return undefined;',
      means: 'nobody looks at a signed time',
    },
  },
  {
    number: 31,
    fault: 'the secret of a source is rotated under load',
    expected: 'while both are live no good delivery is refused; what a secret that is gone has signed is',
    tests: [
      {
        file: 'test/faults/secret-rotation.test.ts',
        name: 'the secret of a source is rotated ten times under load: not one good delivery is refused, and none by a secret that is gone is taken',
      },
    ],
    mutant: {
      file: 'src/providers/_signature.ts',
      find: 'of secrets.entries()',
      replace: 'of secrets.slice(0, 1).entries()',
      means: 'only the newest secret counts',
    },
  },
  {
    number: 32,
    fault: 'what is signed is no JSON, or no event that we know the shape of',
    expected: '400 with a row that keeps the body, or 200 and quarantined where the sender cannot help it; neither is tried for ever',
    tests: [
      { file: 'test/ingress/bad-input.live.test.ts', name: 'is answered and stored as it must be: %s' },
      {
        file: 'test/ingress/receive.test.ts',
        name: 'answer a signed but malformed delivery only after its row is committed, body included',
      },
    ],
    mutant: {
      file: 'src/ingress/receive.ts',
      find: 'return await refuse.afterCommit(arrival, interpreted, body);',
      replace: 'return refuse.now(arrival, interpreted, { body });',
      means: 'nothing is kept of what was signed and is malformed',
    },
  },
  {
    number: 33,
    fault: 'a body is no UTF-8, nests 500,000 levels, has a BOM, lone surrogates or several megabytes',
    expected: '4xx, or taken as what it says; never a 5xx, and nothing that Temporal or PostgreSQL chokes on later',
    tests: [
      {
        file: 'test/ingress/bad-input-fuzz.test.ts',
        name: 'takes no mutant of a signed request unless its body is the signed one, and answers none with a 5xx',
      },
      {
        file: 'test/ingress/server-limits.test.ts',
        name: 'refuse %d MB with an answer that the sender can read, declared or chunked, and leave rows',
      },
      { file: 'test/ingress/bad-input.test.ts', name: 'gets a clear answer and a record: %s' },
    ],
    mutant: {
      file: 'src/ingress/parse-json.ts',
      find: 'if (depth > MAX_DEPTH)',
      replace: 'if (depth > 1_000_000)',
      means: 'JSON may nest as deep as it likes',
    },
  },
];
