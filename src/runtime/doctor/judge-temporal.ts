import { SEARCH_ATTRIBUTES, TASK_QUEUE } from '../../contracts/names.ts';
import { isOlder, OLDEST_SERVER } from '../temporal-version.ts';
import { bad, good, type Finding } from './finding.ts';
import type { TemporalFacts } from './temporal-facts.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** The least time for which a run that has ended must be remembered: the sweep asks for its outcome. */
export const RETENTION_DAYS = 7;
/** A worker asks at least once a minute; Temporal lists it for five minutes after its last question. */
const POLLER_GONE_MS = 90_000;
const MOST_SKEW_MS = 2_000;

/** Whether a Temporal server is new enough, remembers long enough, knows our search attributes, and has workers. */
export function judgeTemporal(facts: TemporalFacts, { now }: { readonly now: Date }): readonly Finding[] {
  return [judgeVersion(facts), judgeRetention(facts), judgeSearchAttributes(facts), judgeWorkers(facts, now), judgeClock(facts, now)];
}

function judgeVersion({ version }: TemporalFacts): Finding {
  const check = 'temporal';
  const oldest = OLDEST_SERVER.join('.');
  if (!/^\d+\.\d+\.\d+/.test(version))
    return bad('info', { check, found: `Temporal answers, without a version; ${oldest} or later is needed`, fix: null });
  if (!isOlder(version.replace(/[^\d.].*$/, ''))) return good(check, `Temporal ${version} answers`);
  return bad('fail', { check, found: `Temporal ${version}, older than ${oldest}`, fix: `upgrade it to ${oldest} or later` });
}

function judgeRetention({ retentionMs }: TemporalFacts): Finding {
  const check = 'retention';
  const days = Number((retentionMs / DAY_MS).toFixed(1));
  if (retentionMs >= RETENTION_DAYS * DAY_MS) return good(check, `runs are remembered for ${days} days`);
  const found = `runs are remembered for ${days} days; an outcome that is not read by then is lost`;
  return bad('fail', { check, found, fix: `run \`hookline setup\`, which raises it to ${RETENTION_DAYS} days` });
}

function judgeSearchAttributes({ searchAttributes }: TemporalFacts): Finding {
  const check = 'search attributes';
  const wanted = Object.values(SEARCH_ATTRIBUTES);
  if (searchAttributes === null)
    return bad('info', {
      check,
      found: 'these credentials may not list them',
      fix: `see in the Temporal UI whether there are ${wanted.join(', ')}`,
    });
  const missing = wanted.filter((name) => !searchAttributes.has(name));
  const wrong = wanted.filter((name) => searchAttributes.get(name) === false);
  if (wrong.length > 0)
    return bad('warn', {
      check,
      found: `${wrong.join(', ')} ${wrong.length === 1 ? 'is' : 'are'} of another type than Keyword`,
      fix: 'remove them with `temporal operator search-attribute remove`, then run `hookline setup`',
    });
  if (missing.length === 0) return good(check, `all ${wanted.length} are there`);
  const found = `${missing.join(', ')} missing: runs cannot be searched for by them`;
  return bad('warn', { check, found, fix: 'run `hookline setup`' });
}

function judgeWorkers({ pollers }: TemporalFacts, now: Date): Finding {
  const check = 'worker';
  const isAlive = (seen: Date): boolean => now.getTime() - seen.getTime() <= POLLER_GONE_MS;
  const [chains, actions] = [pollers.workflow.filter(isAlive).length, pollers.activity.filter(isAlive).length];
  if (chains > 0 && actions > 0) return good(check, `${chains === 1 ? 'one polls' : `${chains} poll`} the task queue \`${TASK_QUEUE}\``);
  const found = `nobody polls the task queue \`${TASK_QUEUE}\` for ${chains > 0 ? 'actions' : 'chains'}: runs wait`;
  return bad('fail', { check, found, fix: 'start `hookline worker`, or `npm start` on this machine' });
}

/** Temporal tells its time by the workers that it has seen only: one that it sees later than now shows that this machine is behind. */
function judgeClock({ pollers }: TemporalFacts, now: Date): Finding {
  const check = 'temporal clock';
  const newest = Math.max(...[...pollers.workflow, ...pollers.activity].map((seen) => seen.getTime()));
  if (newest === -Infinity) return bad('info', { check, found: 'cannot be told while no worker polls', fix: null });
  const aheadMs = newest - now.getTime();
  if (aheadMs < MOST_SKEW_MS) return good(check, 'this machine is not behind Temporal');
  const found = `this machine is at least ${(aheadMs / 1_000).toFixed(1)} s behind Temporal`;
  return bad('fail', { check, found, fix: 'have both machines keep time by NTP (`timedatectl set-ntp true`)' });
}
