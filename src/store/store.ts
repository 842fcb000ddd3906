import { createAgentTables } from './agent-tables.ts';
import type { AgentTables } from './agent-tables.ts';
import { createDeliveries } from './deliveries.ts';
import type { Deliveries } from './deliveries.ts';
import { createEffects } from './effects.ts';
import type { Effects } from './effects.ts';
import { createEvents } from './events.ts';
import type { Events } from './events.ts';
import { transaction, type Pool, type Queryable } from './pool.ts';
import { createRuns } from './runs.ts';
import type { Runs } from './runs.ts';
import { listStock, setStock } from './stock.ts';
import type { StockLevel } from './stock.ts';

/** What the command line and the admin API ask of PostgreSQL. */
export interface Store {
  /** For statements of other modules. */
  readonly db: Queryable;
  /** Runs `work` in one transaction: all of it is committed when this resolves, none of it when it throws, save for `CommitUnknownError`. */
  transaction<Result>(work: (tx: Queryable) => Promise<Result>): Promise<Result>;
  readonly runs: Runs;
  readonly events: Events;
  readonly effects: Effects;
  readonly deliveries: Deliveries;
  readonly agentTables: AgentTables;
  readonly stock: {
    /** Every sku and how much of it is on hand, by sku. */
    list(): Promise<readonly StockLevel[]>;
    /** Sets how much of each sku is on hand, whatever is held of it. */
    set(levels: readonly StockLevel[]): Promise<void>;
  };
}

/** Makes the statements of every table family on one pool. */
export function createStore({ pool }: { readonly pool: Pool }): Store {
  return {
    db: pool,
    transaction: (work) => transaction(pool, work),
    runs: createRuns({ pool }),
    events: createEvents({ pool }),
    effects: createEffects({ pool }),
    deliveries: createDeliveries({ pool }),
    agentTables: createAgentTables({ pool }),
    stock: { list: () => listStock(pool), set: (levels) => setStock(pool, levels) },
  };
}
