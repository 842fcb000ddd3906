import type { JsonValue } from './json.ts';
import type { EntityKey } from './webhook.ts';

/** An event as its chain sees it. */
export interface ChainEvent<Data = unknown, Type extends string = string> {
  /** Our own key of the event. */
  readonly uuid: string;
  readonly source: string;
  /** The event's id, normalised. */
  readonly id: string;
  readonly type: Type;
  readonly entity: EntityKey | null;
  /** ISO 8601; the receipt's time where the provider gives none. */
  readonly occurredAt: string;
  readonly receivedAt: string;
  readonly test: boolean;
  readonly data: Data;
}

/** The input of every run: what `run-chain` needs and nothing else. */
export interface RunInput {
  readonly event: ChainEvent;
  /** Raised by each requested start: 1 at first, +1 a repair. */
  readonly attempt: number;
  /** The lowest round of effects that counts; raised by `replay --again`. */
  readonly round: number;
  /** The ledger family: the chain's name, or the older name that it goes on from. */
  readonly ledger: string;
  /** Whether the server has our search attributes. */
  readonly searchAttributes: boolean;
}

/** How long an action is tried. `quick`: seconds; `patient`: 24 h; `forever`: until somebody stops it. */
export type RetryPreset = 'quick' | 'patient' | 'forever';

/** What an effect does when nobody knows whether it has happened. */
export type EffectPolicy = 'atMostOnce' | 'atLeastOnce';

/** What the sandbox knows of an action; generated into `workflows/actions.gen.ts`. */
export interface ActionFacts {
  /** `state`: our own database, a local activity; `effect`: the outside, an activity. */
  readonly kind: 'state' | 'effect';
  readonly retry: RetryPreset;
  /** One attempt's time limit. */
  readonly timeoutMs: number;
  /** The action of the same agent that this one undoes. */
  readonly undoes?: string;
}

/** What every action gets beside its input; the ledger's key is made of it. */
export interface ActionCall {
  readonly eventUuid: string;
  readonly ledger: string;
  /** `agent.action`. */
  readonly action: string;
  /** Explicit key or branch and occurrence. */
  readonly key: string;
  readonly attempt: number;
  readonly round: number;
  /** `agent.action` of the effect that this call undoes. */
  readonly undoes?: string;
  /** Event facts that mails and outbound calls need: deterministic dates and ids. */
  readonly occurredAt: string;
  readonly source: string;
  readonly eventId: string;
  readonly test: boolean;
}

/** How a run has ended, as it writes it into its row. */
export interface RunOutcome {
  readonly state: 'done' | 'failed' | 'stopped';
  /** Code of the errors table; null when done. */
  readonly code: string | null;
  readonly detail: string | null;
  readonly result: JsonValue | null;
}

/** Options of one call of an action in a chain. */
export interface CallOptions {
  /** An explicit ledger key in place of the count of calls; the action and the one that undoes it must be given the same. */
  readonly key?: string;
}
