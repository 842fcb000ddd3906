import type { InterpretedEvent } from '../contracts/inbox.ts';
import type { SetSwitch } from '../store/switches.ts';
import type { Interpret } from './receive.ts';

/** What holding needs to know. */
export interface HoldDependencies {
  readonly interpret: Interpret;
  /** What operators have stopped; asked once for each delivery, so it must not wait. */
  readonly switches: () => readonly SetSwitch[];
}

/**
 * Interprets, and keeps from their chains what would be routed while its source, or everything, is held: such an event is `held`, with
 * since when and by whom, and without routes. Ignored and quarantined ones stay what they are, and a refusal stays one.
 */
export function createHoldingInterpreter({ interpret, switches }: HoldDependencies): Interpret {
  return (request, source) => {
    const interpreted = interpret(request, source);
    const hold = holdOf(source.name, switches());
    if (hold === undefined || !interpreted.ok) return interpreted;
    return { ok: true, events: interpreted.events.map((event) => (event.state === 'routed' ? holdEvent(event, hold) : event)) };
  };
}

/** The hold that covers a source: of everything before its own. */
function holdOf(source: string, switches: readonly SetSwitch[]): SetSwitch | undefined {
  const holds = switches.filter(({ verb }) => verb === 'hold');
  return holds.find(({ kind }) => kind === 'all') ?? holds.find(({ kind, name }) => kind === 'source' && name === source);
}

function holdEvent(event: InterpretedEvent, { kind, name, since, by }: SetSwitch): InterpretedEvent {
  const what = kind === 'all' ? 'everything' : `source \`${name}\``;
  return { ...event, state: 'held', code: 'event.held', detail: `${what} is held since ${since.toISOString()} by ${by}`, routes: [] };
}
