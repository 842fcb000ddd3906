import { HooklineError } from '../../contracts/errors.ts';
import type { ProviderDefinition } from '../../providers/define-provider.ts';
import type { ApiClient } from '../api/api-client.ts';
import { createRandom } from './create-random.ts';
import type { DrillAnswer, DrillEvent, DrillFacts, DrillRoute } from './drill-facts.ts';
import type { DrillPlan } from './drill-plans.ts';
import { makeDrillEvents, makeProbes } from './make-drill-events.ts';
import { readOutcome } from './read-outcome.ts';
import { sendEvents } from './send-events.ts';
import { toDrillVerdict, type DrillVerdict } from './to-drill-verdict.ts';

/** What a drill is played with. */
export interface DrillPlay {
  readonly plan: DrillPlan;
  readonly api: ApiClient;
  readonly source: string;
  /** The whole URL of the source. */
  readonly url: string;
  readonly secret: string;
  readonly provider: Pick<ProviderDefinition, 'sign'>;
  readonly routes: ReadonlyMap<string, DrillRoute>;
  readonly count: number;
  readonly ratePerS: number;
  readonly seed: number;
  readonly now: () => Date;
  readonly onProgress: (line: string) => void;
  readonly signal: AbortSignal;
}

type Sending = Pick<DrillPlan, 'copies' | 'atOnce'> & { readonly insistMs: number };

/** How long a sender insists on an event; real ones do for days. */
const INSIST_MS = 60_000;
/** The first events show whether anybody is there at all. */
const PROBE_MS = 10_000;
const ALONE: Sending = { copies: 0, atOnce: true, insistMs: INSIST_MS };

/**
 * Plays a drill and judges it. First go events that lead to nothing, then one alone that leads to little: unless every one of them is kept
 * as test traffic, and whatever is done for it is dry, nothing more is sent.
 */
export async function playDrill(play: DrillPlay): Promise<DrillVerdict> {
  const { plan, source, seed, count, routes, now } = play;
  const startedAt = now();
  const prefix = `drill-${seed}-${startedAt.getTime().toString(36)}-`;
  const random = createRandom(seed);
  const probes = makeProbes({ prefix, now: startedAt });
  const [first = [], ...rest] = makeDrillEvents({ prefix, count, routes, newestFirst: plan.newestFirst, random, now: startedAt });

  const sent: DrillEvent[] = [];
  const answers: DrillAnswer[] = [];
  const send = async (groups: readonly (readonly DrillEvent[])[], how: Sending): Promise<void> => {
    const before = sent.length;
    sent.push(...groups.flat());
    const { url, secret, provider, ratePerS, onProgress, signal } = play;
    const given = await sendEvents(groups, {
      url,
      secret,
      provider,
      random,
      now,
      signal,
      insistMs: how.insistMs,
      copies: how.copies,
      ratePerS: how.atOnce ? null : ratePerS,
      onProgress: (done) => onProgress(`sending: ${before + done} of ${probes.length + count} events`),
    });
    answers.push(...given);
  };
  const judge = async (withCopies: boolean, stoppedEarly: boolean): Promise<DrillVerdict> => {
    const outcome = await readOutcome(play.api, {
      source,
      prefix,
      startedAt,
      signal: play.signal,
      onProgress: (open) => play.onProgress(`waiting for the runs of ${open} ${open === 1 ? 'event' : 'events'}`),
    });
    const facts: DrillFacts = { sent, answers, ...outcome, withCopies };
    return toDrillVerdict(facts, { drill: plan.name, source, seed, stoppedEarly, idsBegin: prefix });
  };

  await send(
    probes.map((probe) => [probe]),
    { ...ALONE, insistMs: PROBE_MS },
  );
  refuseUnreachable(answers, play.url);
  const probed = await judge(false, true);
  if (!probed.ok || play.signal.aborted) return probed;
  await send([first], ALONE);
  const alone = await judge(false, true);
  if (!alone.ok || play.signal.aborted) return alone;
  await send(rest, { ...plan, insistMs: INSIST_MS });
  return judge(plan.copies > 0 && rest.length > 0, false);
}

/** A listener that gives no answer to any of the first events is not there. */
function refuseUnreachable(answers: readonly DrillAnswer[], where: string): void {
  const [first] = answers;
  if (first === undefined || answers.some(({ httpStatus }) => httpStatus !== null)) return;
  throw new HooklineError('http.unavailable', { got: first.code ?? 'no answer', where, fix: 'name the listener by `--url`' });
}
