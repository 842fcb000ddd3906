import type { ActionCall, ActionFacts, EffectPolicy, RetryPreset } from '../contracts/run.ts';
import type { Queryable } from '../store/pool.ts';
import type { AdapterName } from '../store/stops.ts';
import type { AgentDependencies } from './dependencies.ts';

/** An open transaction of our own database, and the call that it belongs to. */
export interface StateTx {
  /** Hand it to the functions of `src/store`; what they write commits together with the ledger's row. */
  readonly db: Queryable;
  readonly call: ActionCall;
  /** The same for every attempt and repair of this effect, another for each round: fit as a unique key. */
  readonly effectKey: string;
  /** Told the type of an entity that was not changed, since newer events had written before; `mergeEntity` tells it. */
  readonly onSuperseded?: ((entity: string) => void) | undefined;
}

/** One effect on the outside, and what the ledger lets it say. */
export interface EffectCall {
  readonly call: ActionCall;
  /** The same for every attempt and repair of this effect, another for each round: fit as an idempotency key. */
  readonly effectKey: string;
  /**
   * Commits that from now on the effect may have happened. Await it right before the point of no return; when it throws,
   * the effect must not happen: another attempt owns it, or an operator has stopped it. Name the adapter where operators can pause
   * that by itself; those of `deps` do it.
   */
  sending(adapter?: AdapterName): Promise<void>;
  /** Aborted when the attempt's time is over. */
  readonly signal: AbortSignal;
}

/** An action on our own database: exactly once, its ledger row in the same transaction. */
export interface StateAction<Input, Output> {
  readonly facts: ActionFacts & { readonly kind: 'state' };
  run(input: Input, tx: StateTx): Promise<Output>;
}

/** An action on the outside: never silently repeated. */
export interface EffectAction<Input, Output> {
  readonly facts: ActionFacts & { readonly kind: 'effect' };
  readonly policy: EffectPolicy;
  run(input: Input, call: EffectCall): Promise<Output>;
}

/** Any action. */
export type Action<Input, Output> = StateAction<Input, Output> | EffectAction<Input, Output>;

/** A named group of actions. */
export interface Agent<Name extends string, Actions> {
  readonly name: Name;
  /** Builds the actions without touching a dependency: use them inside an action. */
  readonly actions: (dependencies: AgentDependencies) => Actions;
}

/** An agent's actions as a chain calls them. */
export type AgentActions<SomeAgent> =
  SomeAgent extends Agent<string, infer Actions>
    ? {
        readonly [Name in keyof Actions]: Actions[Name] extends Action<infer Input, infer Output>
          ? (input: Input, options?: { readonly key?: string }) => Promise<Output>
          : never;
      }
    : never;

interface StateOptions {
  /** The action of the same agent that this one undoes. */
  readonly undoes?: string;
  /** @default 'patient' */
  readonly retry?: RetryPreset;
}

interface EffectOptions {
  /** What to do when nobody knows whether the effect has happened. */
  readonly policy: EffectPolicy;
  /** @default 'patient' */
  readonly retry?: RetryPreset;
  /** One attempt's time limit. @default 30 seconds */
  readonly timeoutMs?: number;
}

/** A state action's time limit, in milliseconds; PostgreSQL cancels its statements a little earlier. */
const STATE_TIMEOUT_MS = 2_000;

/** Makes an agent; changes nothing. */
export function defineAgent<const Name extends string, Actions>(agent: Agent<Name, Actions>): Agent<Name, Actions> {
  return agent;
}

/** An action that happens exactly once: what it writes commits together with its ledger row. At most 2 s an attempt. */
export function stateAction<Input, Output>(run: StateAction<Input, Output>['run']): StateAction<Input, Output>;
export function stateAction<Input, Output>(options: StateOptions, run: StateAction<Input, Output>['run']): StateAction<Input, Output>;
export function stateAction<Input, Output>(
  first: StateOptions | StateAction<Input, Output>['run'],
  second?: StateAction<Input, Output>['run'],
): StateAction<Input, Output> {
  const options = typeof first === 'function' ? {} : first;
  const run = typeof first === 'function' ? first : second;
  if (run === undefined) throw new TypeError('stateAction: expected a function as the last argument');
  const { undoes, retry = 'patient' } = options;
  return { facts: { kind: 'state', retry, timeoutMs: STATE_TIMEOUT_MS, ...(undoes === undefined ? {} : { undoes }) }, run };
}

/** An action that is never silently repeated: what is not known to have happened is resolved by its policy. */
export function effectAction<Input, Output>(options: EffectOptions, run: EffectAction<Input, Output>['run']): EffectAction<Input, Output> {
  const { policy, retry = 'patient', timeoutMs = 30_000 } = options;
  return { facts: { kind: 'effect', retry, timeoutMs }, policy, run };
}
