import { OWN_IDS } from './common-mutants.ts';
import type { FaultRow } from './fault-row.ts';

const OUTAGE = 'test/system/outage.live.test.ts';
const CRASH = 'test/faults/ingress-crash.live.test.ts';
const MAIL = 'test/faults/mail.live.test.ts';

/** The faults of what is sent twice or out of order, of a worker that dies or stops, and of mail. */
export const ROWS_12_TO_22: readonly FaultRow[] = [
  {
    number: 12,
    fault: 'one delivery comes to two replicas in the same moment',
    expected: 'one event and one run; each copy is answered 2xx',
    tests: [
      { file: 'test/store/inbox.live.test.ts', name: 'lets two processes write overlapping events in opposite orders' },
      {
        file: CRASH,
        name: 'fifty copies of one delivery that come to two ingresses at once make one event and one run, and each is acknowledged',
      },
    ],
    mutant: OWN_IDS,
  },
  {
    number: 13,
    fault: 'an id comes again with another body',
    expected: 'the first body counts; 2xx, no run, and the delivery is flagged',
    tests: [{ file: 'test/store/inbox.live.test.ts', name: 'keeps the first body, and flags a duplicate with another one' }],
    mutant: {
      file: 'src/store/inbox-repair.ts',
      find: 'e.body_sha256 <> a.body_sha256 AS body_differs',
      replace: 'false AS body_differs',
      means: 'nobody looks whether the bodies are the same',
    },
  },
  {
    number: 14,
    fault: 'a signed body comes again under another id, which no signature covers',
    expected: 'flagged as a possible replay, or refused where the source wants that',
    tests: [
      { file: 'test/ingress/replay-guard.live.test.ts', name: 'is marked, where only the body is signed: github' },
      {
        file: 'test/ingress/replay-guard.live.test.ts',
        name: 'is refused where the source wants that, and nothing of it becomes an event',
      },
    ],
    mutant: {
      file: 'src/store/inbox-same-body.ts',
      find: 'WHERE c.event_id <> g.event_id',
      replace: 'WHERE false',
      means: 'nobody looks for a body under another id',
    },
  },
  {
    number: 15,
    fault: 'an event comes again that Temporal has forgotten',
    expected: 'our own rows know it for 90 days: `duplicate`, no run',
    tests: [
      {
        file: 'test/store/retention.live.test.ts',
        name: 'never lets an event id be taken a second time within the dedupe horizon, and makes a new event of it afterwards',
      },
      { file: OUTAGE, name: 'starts unfinished runs again, and repeats nothing that was done' },
    ],
    mutant: {
      file: 'src/store/inbox-repair.ts',
      find: "AND r.state = 'failed' AND coalesce",
      replace: "AND r.state IN ('failed', 'done') AND coalesce",
      means: 'a run that is done is asked to start again by a duplicate',
    },
  },
  {
    number: 16,
    fault: 'updates come out of order',
    expected: 'the newest stands, in our state and at the CRM, in whatever order they come',
    tests: [
      {
        file: 'test/system/customers.live.test.ts',
        name: 'when thirty changes come in any order, some twice, some of one time, to two workers and a CRM that takes its time',
      },
      {
        file: 'test/activities/agents/crm.live.test.ts',
        name: 'says of a change that came too late that it is superseded, and leaves all as it is',
      },
    ],
    mutant: {
      file: 'src/entities/_merge.ts',
      find: 'const older = standing !== undefined && compareVersions(version, standing) < 0;',
      replace: 'const older = standing !== undefined && compareVersions(version, standing) < -Infinity;',
      means: 'what comes last stands, however old it is',
    },
  },
  {
    number: 17,
    fault: 'a worker is killed in an action',
    expected: 'another does it after the heartbeat’s timeout, or finds that it may have happened and asks a person; no second effect',
    tests: [
      { file: 'test/system/worker-kill-mail.live.test.ts', name: 'before it says that it is sending: sends it after all' },
      { file: 'test/system/worker-kill-mail.live.test.ts', name: 'after the final dot: sent once, and an operator is told' },
      {
        file: 'test/activities/effect-ledger.live.test.ts',
        name: 'gives an effect that may have happened to an operator when it must not happen twice',
      },
    ],
    mutant: {
      file: 'src/activities/effect-ledger.ts',
      find: "if (effect.state !== 'intended' && action.policy === 'atMostOnce')",
      replace: "if (effect.state === 'unknown' && action.policy === 'atMostOnce')",
      means: 'what a dead worker was sending is sent again',
    },
  },
  {
    number: 18,
    fault: 'a worker is stopped (SIGSTOP) until others have taken over, and goes on',
    expected: 'it is fenced at its point of no return by the ledger’s row, and its late word changes nothing',
    tests: [
      { file: MAIL, name: 'a worker that is stopped in the middle of a mail and goes on once another has sent it sends none' },
      { file: 'test/activities/effect-ledger.live.test.ts', name: 'keeps a zombie from sending once another attempt has taken over' },
    ],
    mutant: {
      file: 'src/activities/effect-ledger.ts',
      find: 'if (!claim.sending)',
      replace: 'if (!claim.sending && claim.stop !== undefined)',
      means: 'nobody heeds that another has the effect',
    },
  },
  {
    number: 19,
    fault: 'the mail server drops the connection after the final dot',
    expected: 'nobody knows: the run fails with `effect.unknown`, and waits for a person; never a second mail by itself',
    tests: [
      { file: 'test/system/repair.live.test.ts', name: 'never sends a mail again whose outcome nobody knows' },
      { file: 'test/activities/mailer.test.ts', name: 'tells a connection lost after the dot for what it is' },
    ],
    mutant: {
      file: 'src/activities/mail-failure.ts',
      find: "happened: sending ? 'unknown' : 'no'",
      replace: "happened: 'no'",
      means: 'a mail without an answer counts as not sent',
    },
  },
  {
    number: 20,
    fault: 'the mail server puts a mail off (4xx, greylisting)',
    expected: 'tried again until it is taken, the same mail byte for byte',
    tests: [
      { file: MAIL, name: 'a server that puts a mail off is asked again until it takes it, with a mail that is equal byte for byte' },
      { file: 'test/activities/mailer.test.ts', name: 'tells a recipient put off for what it is' },
    ],
    mutant: {
      file: 'src/activities/mail-failure.ts',
      find: 'const permanent = responseCode >= PERMANENT.from &&',
      replace: 'const permanent = responseCode >= 400 &&',
      means: 'a mail that is put off counts as refused',
    },
  },
  {
    number: 21,
    fault: 'the mail server refuses a mail (5xx)',
    expected:
      'final: the run fails with `mail.refused`, and a resend repairs it; a mail has one recipient, so that none is refused in part',
    tests: [
      { file: 'test/system/repair.live.test.ts', name: 'makes a reservation again that was undone, and sends the mail that was refused' },
      { file: 'test/activities/mailer.test.ts', name: 'tells a refused recipient for what it is' },
    ],
    mutant: {
      file: 'src/activities/mail-failure.ts',
      find: "permanent ? 'mail.refused' : 'mail.unavailable'",
      replace: "'mail.unavailable'",
      means: 'a mail that is refused is tried again for ever',
    },
  },
  {
    number: 22,
    fault: 'the mail server hangs',
    expected: 'given up after 5 s at the greeting, 20 s later on; unknown if the final dot was out, else tried again',
    tests: [
      { file: MAIL, name: 'a server that is silent when it should greet is given up, and it is said whether the mail may have gone out' },
      {
        file: MAIL,
        name: 'a server that is silent when it is told of a recipient is given up, and it is said whether the mail may have gone out',
      },
      { file: MAIL, name: 'a server that is silent after the final dot is given up, and it is said whether the mail may have gone out' },
    ],
    mutant: {
      file: 'src/activities/mailer.ts',
      find: 'socketTimeout: 20_000',
      replace: 'socketTimeout: 600_000',
      means: 'a silent server is waited for as long as Temporal lets the action run',
    },
  },
];
