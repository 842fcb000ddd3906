import { bad, good, type Finding } from './finding.ts';

/** What has come in, and what of it waits for somebody. */
export interface TrafficFacts {
  /** By source of the settings, when the newest request reached it; null where none has. */
  readonly newest: ReadonlyMap<string, Date | null>;
  readonly unknownEffects: number;
  readonly failedRuns: number;
  /** Started runs that Temporal cannot carry on. */
  readonly stuckRuns: number;
  /** How long the oldest run that has not been started waits; null where none does. */
  readonly waitingSeconds: number | null;
  readonly now: Date;
}

const SILENT_MS = 24 * 60 * 60 * 1000;
const LONGEST_WAIT_S = 60;

/** Which sources are silent, and what waits for a person. */
export function judgeTraffic(facts: TrafficFacts): readonly Finding[] {
  return [judgeSources(facts), judgeWaiting(facts), judgeEffects(facts), judgeRuns(facts)];
}

function judgeSources({ newest, now }: TrafficFacts): Finding {
  const check = 'sources';
  const silent = [...newest].filter(([, time]) => time === null || now.getTime() - time.getTime() > SILENT_MS).map(([name]) => name);
  if (silent.length === 0) return good(check, `each of ${newest.size} has had a delivery within a day`);
  const found = `${silent.length} of ${newest.size} without a delivery for a day: ${silent.join(', ')}`;
  return bad('info', { check, found, fix: 'look at the provider whether it still sends; `hookline sources` says since when' });
}

function judgeWaiting({ waitingSeconds }: TrafficFacts): Finding {
  const check = 'starts';
  if (waitingSeconds === null) return good(check, 'no run waits to be started');
  if (waitingSeconds <= LONGEST_WAIT_S)
    return good(check, `the oldest run that is to be started has waited ${Math.round(waitingSeconds)} s`);
  const found = `the oldest run that is to be started has waited ${Math.round(waitingSeconds)} s`;
  return bad('warn', { check, found, fix: 'see whether Temporal answers and an ingress runs; `hookline runs --state pending`' });
}

function judgeEffects({ unknownEffects }: TrafficFacts): Finding {
  const check = 'effects';
  if (unknownEffects === 0) return good(check, 'none is unknown');
  const found = `${unknownEffects} unknown: nobody knows whether ${unknownEffects === 1 ? 'it has' : 'they have'} happened`;
  return bad('warn', { check, found, fix: '`hookline effects --state unknown`, then `hookline resolve`' });
}

function judgeRuns({ failedRuns, stuckRuns }: TrafficFacts): Finding {
  const check = 'runs';
  if (stuckRuns > 0)
    return bad('warn', {
      check,
      found: `${stuckRuns} stuck: Temporal cannot carry ${stuckRuns === 1 ? 'it' : 'them'} on${failedRuns === 0 ? '' : `; ${failedRuns} failed`}`,
      fix: '`hookline runs --code run.taskFailing`, then `hookline why`',
    });
  if (failedRuns === 0) return good(check, 'none has failed');
  return bad('warn', {
    check,
    found: `${failedRuns} failed`,
    fix: '`hookline runs --state failed`, then `hookline why` and `hookline replay`',
  });
}
