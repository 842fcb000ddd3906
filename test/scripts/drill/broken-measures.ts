import type { Facts, Outage, ProcessSample } from '../../../scripts/drill/facts.ts';
import { doneRun, first, orderOf, POSTED, type Break } from './break.ts';

/** Every way in which a drill can hold all its events, and yet be too slow, out of order, or cut somebody off. */
export const BROKEN_MEASURES: readonly Break[] = [
  {
    rule: 'process.grows',
    what: 'a process that takes 1.2 MB more each minute',
    change: (facts) => ({ ...facts, samples: samplesOf((atS) => ({ rssMb: 300 + atS / 50, fds: 42 })) }),
  },
  {
    rule: 'process.grows',
    what: 'a process that keeps connections open',
    change: (facts) => ({ ...facts, samples: samplesOf((atS) => ({ rssMb: 300, fds: 42 + Math.floor(atS / 100) })) }),
  },
  {
    rule: 'run.orphan',
    what: 'a run that is done, and that Temporal has open',
    change: (facts) => ({ ...facts, openInTemporal: [doneRun(facts).workflowId] }),
  },
  {
    rule: 'run.orphan',
    what: 'a run of Temporal’s that has no row',
    change: (facts) => ({ ...facts, openInTemporal: ['shop.nobody'] }),
  },
  {
    rule: 'recovery.slow',
    what: 'effects that came 31 s late',
    change: (facts) => ({
      ...facts,
      outages: facts.outages.map((outage) => ({ ...outage, untilMs: outage.fromMs })),
      vendors: facts.vendors.map((entry) => ({ ...entry, atMs: entry.atMs === null ? null : entry.atMs + 31_000 })),
    }),
  },
  {
    rule: 'recovery.slow',
    what: 'an outage after which nothing has happened',
    change: (facts) => ({
      ...facts,
      outages: [...facts.outages, { ...STOPPED, fromMs: Number.MAX_SAFE_INTEGER, goneMs: Number.MAX_SAFE_INTEGER }],
    }),
  },
  {
    rule: 'stop.slow',
    what: 'a process that ended 11 s after SIGTERM',
    change: (facts) => ({ ...facts, outages: [...facts.outages, { ...STOPPED, goneMs: 11_000 }] }),
  },
  {
    rule: 'stop.slow',
    what: 'a process that never ended',
    change: (facts) => ({ ...facts, outages: [...facts.outages, { ...STOPPED, goneMs: null }] }),
  },
  {
    rule: 'stop.reset',
    what: 'a sender who was cut off by an ingress that ended',
    change: (facts) => ({
      ...facts,
      outages: [...facts.outages, STOPPED],
      answers: [...facts.answers, { eventId: orderOf(facts).id, status: null, told: 'UND_ERR_SOCKET', ...POSTED }],
    }),
  },
  {
    rule: 'drain.slow',
    what: 'an event that was started 121 s after Temporal had come back',
    change: (facts) => withDrain(facts, { others: 0, backMs: (doneRun(facts).startedAtMs ?? 0) - 121_000 }),
  },
  {
    rule: 'drain.disorder',
    what: 'an event that 300 later ones have overtaken',
    change: (facts) => withDrain(facts, { others: 300, late: 1_000 }),
  },
  {
    rule: 'drain.blocked',
    what: 'nothing started for 31 s, though one waited',
    change: (facts) => withDrain(facts, { others: 1, late: 31_000 }),
  },
  {
    rule: 'drain.blocked',
    what: 'one that had waited and was never started',
    change: (facts) => {
      const { drain, ...rest } = withDrain(facts, { others: 1 });
      return { ...rest, drain: drain && { ...drain, eventIds: [...drain.eventIds, 'never'] } };
    },
  },
];

/** An ingress that was asked to end before all else, and had ended after 100 ms. */
const STOPPED: Outage = {
  what: 'ingress',
  name: 'ingress-1',
  how: 'stop',
  fromMs: 0,
  goneMs: 100,
  untilMs: 200,
  readyMs: 300,
  port: 1,
};
/** Facts in which the done run of `doneRun` had waited for Temporal, beside as many others that came after it. */
const withDrain = (facts: Facts, { others, late = 0, backMs }: { others: number; late?: number; backMs?: number }): Facts => {
  const run = doneRun(facts);
  const startedAtMs = run.startedAtMs ?? 0;
  const names = Array.from({ length: others }, (_, index) => `waited-${index}`);
  return {
    ...facts,
    events: [...facts.events, ...names.map((id) => ({ uuid: id, id, state: 'routed', code: null }))],
    runs: [
      ...facts.runs.map((one) => (one === run ? { ...run, startedAtMs: startedAtMs + late } : one)),
      ...names.map((id) => ({ ...run, eventUuid: id, workflowId: id, startedAtMs })),
    ],
    drain: {
      awayMs: startedAtMs - 1_000,
      backMs: backMs ?? startedAtMs,
      eventIds: [first(facts.events, ({ uuid }) => uuid === run.eventUuid).id, ...names],
      poisoned: [],
      failing: [],
    },
  };
};

/** An hour of one process, looked at every 10 s. */
function samplesOf(at: (atS: number) => Pick<ProcessSample, 'rssMb' | 'fds'>): readonly ProcessSample[] {
  return Array.from({ length: 360 }, (_, index) => ({ process: 'worker-1', atS: index * 10, ...at(index * 10) }));
}
