import type { SetSwitch } from '../../store/switches.ts';
import { toTimeText } from '../time-text.ts';

/** The switch that keeps new events of a source unrouted; of several the widest. */
export function findHold(switches: readonly SetSwitch[], source: string): SetSwitch | undefined {
  return findAll(switches) ?? switches.find(({ verb, kind, name }) => verb === 'hold' && kind === 'source' && name === source);
}

/** The switch for which a run of a chain is not started, and its actions wait; of several the widest. */
export function findRunStop(
  switches: readonly SetSwitch[],
  { source, chain }: { readonly source: string; readonly chain: string },
): SetSwitch | undefined {
  const isOf = ({ verb, kind, name }: SetSwitch): boolean =>
    verb === 'pause' && ((kind === 'source' && name === source) || (kind === 'chain' && name === chain));
  return findAll(switches) ?? switches.find(isOf);
}

/** The switch for which the step that a run stands at waits; `undefined` where its agent is not paused, or no step is known. */
export function findAgentStop(switches: readonly SetSwitch[], step: string | undefined): SetSwitch | undefined {
  return switches.find(({ verb, kind, name }) => verb === 'pause' && kind === 'agent' && step?.startsWith(`${name}.`) === true);
}

/**
 * The switches for which a run may wait, which our rows cannot tell: those of adapters, since a row does not name its own; and, where no
 * step is known, those of agents, since an action that waits before it is written down leaves no row.
 */
export function findMaybeStops(switches: readonly SetSwitch[], step: string | undefined): readonly SetSwitch[] {
  return switches.filter(({ verb, kind }) => verb === 'pause' && (kind === 'adapter' || (kind === 'agent' && step === undefined)));
}

/** The switch that a failure `action.paused` names, where it is still set. */
export function findNamedStop(switches: readonly SetSwitch[], message: string): SetSwitch | undefined {
  return switches.find(({ verb, kind, name }) => message.includes(`\`${verb} ${kind === 'all' ? 'all' : `${kind} ${name}`}\``));
}

/** What a switch is, as the command line has it, since when, by whom and why, as a part of a sentence. */
export function toSwitchText({ verb, kind, name, since, by, reason }: SetSwitch): string {
  const what = verb === 'pause' ? `${kind} ${name}` : kind === 'all' ? '--all' : name;
  return `\`${verb} ${what}\`, set at ${toTimeText(since)} by ${by}${reason === null ? '' : ` (${reason})`}`;
}

/** The command that clears a switch. */
export function toSwitchFix({ verb, kind, name }: SetSwitch): string {
  if (verb === 'pause') return `\`hookline resume ${kind} ${name}\` when it may go on`;
  return kind === 'all' ? '`hookline release --all` when it may go on' : `\`hookline release ${name}\` when it may go on`;
}

function findAll(switches: readonly SetSwitch[]): SetSwitch | undefined {
  return switches.find(({ verb, kind }) => verb === 'hold' && kind === 'all');
}
