import type { EventData } from '../events/catalogue.gen.ts';
import type { RawPayloads } from '../providers/_raw-payloads.ts';
import type { ProviderName } from '../providers/catalogue.gen.ts';
import type { JsonValue } from '../contracts/json.ts';
import type { ChainEvent } from '../contracts/run.ts';
import type { Agents } from './actions.gen.ts';

/** A canonical event type, or a raw one of a provider: `github:push`. */
export type EventType = keyof EventData | `${ProviderName}:${string}`;

/** What an event of this type carries. Raw types carry what the provider sent: typed where `RawPayloads` has it. */
export type DataOf<Type extends EventType> = Type extends keyof EventData
  ? EventData[Type]
  : Type extends keyof RawPayloads
    ? RawPayloads[Type]
    : JsonValue;

/** What `when` and `summary` see: the event before any run. Of several types, one of each; `type` tells which. */
export type RoutedEvent<Type extends EventType> = Type extends EventType
  ? Pick<ChainEvent<DataOf<Type>, Type>, 'type' | 'data' | 'test' | 'source'>
  : never;

/** What `run` gets: the event of the chain's type, or of one of its types. */
export type RunEvent<Type extends EventType> = Type extends EventType ? ChainEvent<DataOf<Type>, Type> : never;

/** What a chain acts through. The same object in production, on a test server, and as a fake in plain Node. */
export interface ChainContext {
  /** Every agent's actions; each call is durable, retried, and never silently repeated. */
  readonly agents: Agents;
  /** Waits without holding anything; survives restarts. */
  sleep(duration: number | `${number} ${'ms' | 's' | 'minutes' | 'hours' | 'days'}`): Promise<void>;
  /**
   * Registers what undoes the next action. Undos run backwards when the chain fails or is cancelled; undoing what never
   * happened is a no-op, so register before the call.
   */
  undo(compensate: () => Promise<unknown>): void;
  /** Runs branches side by side, and waits for all of them even when one fails; then throws the first failure by index. */
  all<Results extends readonly unknown[]>(branches: { readonly [Index in keyof Results]: () => Promise<Results[Index]> }): Promise<Results>;
  /** Writes a line to the worker's log, once, also when the run is replayed. Constant text; no payload. */
  log(message: string): void;
}

/** A durable workflow for one event: the code that a developer writes. */
export interface Chain<Type extends EventType = EventType, Result = unknown> {
  /** Kebab-case; also the workflow type. A breaking edit of a chain with live runs takes a new name. */
  readonly name: string;
  /** The event's type, or several: an event of any of them makes a run. */
  readonly on: Type | readonly [Type, ...Type[]];
  /** Ledger family of the older name that this chain goes on from. @default its own name */
  readonly ledger?: string;
  /** Pure filter, evaluated at receipt; one that throws quarantines the event. */
  when?(event: RoutedEvent<Type>): boolean;
  /** One line for operators: which order is this? No secret, no whole address. */
  summary(event: RoutedEvent<Type>): string;
  /** What it returns is kept as JSON in the run's row and in Temporal. */
  run(event: RunEvent<Type>, context: ChainContext): Promise<Result>;
}

/** Makes a chain: types the event by `on`, and changes nothing. */
export function defineChain<const Type extends EventType, Result>(chain: Chain<Type, Result>): Chain<Type, Result> {
  return chain;
}
