import type { DeliveryRow } from '../../store/deliveries.ts';
import type { EventRow, WholeEvent } from '../../store/events.ts';
import type { SetSwitch } from '../../store/switches.ts';
import type { VendorWait } from '../../store/vendor-waits.ts';
import type { Chain } from '../../workflows/define-chain.ts';
import { toTimeText } from '../time-text.ts';
import { findHold, toSwitchFix, toSwitchText } from './explain-switch.ts';
import { toCause, toFix, type Explanation } from './explanation.ts';
import { explainRun } from './explain-run.ts';
import type { PendingSteps } from './pending-steps.ts';

/** What events are explained by, beside their rows. */
export interface ExplainOptions {
  /** Only this chain's run. */
  readonly chain?: string | undefined;
  readonly chains: readonly Pick<Chain, 'name' | 'on'>[];
  /** Those that are set. */
  readonly switches: readonly SetSwitch[];
  /** Of vendors that must not be asked yet. @default none */
  readonly waits?: readonly VendorWait[] | undefined;
  /** What Temporal says of runs that are under way, by chain. @default nothing */
  readonly pending?: ReadonlyMap<string, PendingSteps | null> | undefined;
  readonly now: Date;
}

/** Why an event stands as it does: one explanation, or one for each of its runs. */
export function explainEvent(
  { event, runs, effects }: Pick<WholeEvent, 'event' | 'runs' | 'effects'>,
  { chain, chains, switches, waits, pending, now }: ExplainOptions,
): readonly Explanation[] {
  if (event.state !== 'routed') return [explainUnrouted(event, { chains, switches })];
  return runs
    .filter((run) => chain === undefined || run.chain === chain)
    .map((run) => explainRun({ event, run, effects, switches, waits, pending: pending?.get(run.chain), now }));
}

/** Why a delivery was answered as it was; without the event, which is explained for itself. */
export function explainDelivery({ id, outcome, httpStatus, code, detail, receivedAt, eventIds, bodyDiffers }: DeliveryRow): Explanation {
  const common = { chain: null, code, since: receivedAt, step: null };
  const when = toTimeText(receivedAt);
  if (outcome === 'refused')
    return {
      ...common,
      verdict: 'refused',
      said: `delivery ${id} was refused at ${when} with ${httpStatus}: ${toCause(code ?? 'bug.unexpected', detail)}`,
      fix: toFix(code),
    };
  const which = `delivery ${id} of event ${eventIds.join(', ')}`;
  if (outcome === 'duplicate') {
    const body = bodyDiffers ? '; its body was another one, and the first counts' : '';
    const said = `${which} was a duplicate at ${when}: the event had been taken before${body}`;
    return { ...common, verdict: 'duplicate', said, fix: null };
  }
  const verdict = outcome === 'accepted' ? 'done' : outcome;
  return { ...common, verdict, said: `${which} was answered \`${outcome}\` at ${when}`, fix: null };
}

function explainUnrouted(event: EventRow, { chains, switches }: Pick<ExplainOptions, 'chains' | 'switches'>): Explanation {
  const { code, detail, receivedAt: since, state } = event;
  const common = { chain: null, code, since, step: null };
  if (state === 'quarantined')
    return { ...common, verdict: 'quarantined', said: `it is quarantined: ${toCause(code ?? 'bug.unexpected', detail)}`, fix: toFix(code) };
  if (state === 'ignored') return { ...common, verdict: 'ignored', ...explainIgnored(event, chains) };
  return { ...common, verdict: 'held', ...explainHeld(event, switches) };
}

/** By which switch, since when, by whom; and what the event itself says of the one that had held it. */
function explainHeld({ uuid, source, code, detail }: EventRow, switches: readonly SetSwitch[]): Pick<Explanation, 'said' | 'fix'> {
  const hold = findHold(switches, source);
  const cause = code === null ? '' : `: ${toCause(code, detail)}`;
  if (hold !== undefined) return { said: `it is held by ${toSwitchText(hold)}${cause}`, fix: toSwitchFix(hold) };
  return {
    said: `it is held${cause}; nothing holds it any more, and an ingress is about to route it`,
    fix: `none where an ingress runs; else \`hookline release --event ${uuid}\``,
  };
}

/** Which of the three filters it was: the source's lists, no chain at all, or what each chain's `when` has said. */
function explainIgnored({ code, detail, type }: EventRow, chains: ExplainOptions['chains']): Pick<Explanation, 'said' | 'fix'> {
  if (code !== null) return { said: `it is ignored by the source's list: ${toCause(code, detail)}`, fix: toFix(code) };
  const on = chains.filter((chain) => [chain.on].flat().some((one) => one === type)).map(({ name }) => `\`${name}\``);
  if (on.length === 0)
    return { said: `it is ignored: no chain wants \`${type}\``, fix: 'none, or write a chain on it, then `hookline replay`' };
  return {
    said: `it is ignored: \`when\` of ${on.join(' and ')} said no at receipt, or no chain wanted \`${type}\` then`,
    fix: "none, or change `when` in the chain's file, then `hookline replay`",
  };
}
