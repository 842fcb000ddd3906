import { createUuidV7 } from '../../src/contracts/ids.ts';
import type { Source } from '../../src/contracts/webhook.ts';
import { events } from '../../src/events/catalogue.gen.ts';
import { createInterpreter } from '../../src/ingress/interpret.ts';
import { createIngress } from '../../src/ingress/server.ts';
import { providers } from '../../src/providers/catalogue.gen.ts';
import { createInbox } from '../../src/store/inbox.ts';
import { createPool } from '../../src/store/pool.ts';
import { createRefusals } from '../../src/store/refusals.ts';
import { createStore } from '../../src/store/store.ts';
import type { Store } from '../../src/store/store.ts';
import { chains } from '../../src/workflows/catalogue.gen.ts';
import { createDatabase } from '../support/database.ts';
import { silentLog } from '../support/silent-log.ts';

/** The whole way from socket to row, on a database of its own; only the starter is missing. */
export interface StoredIngress {
  readonly port: number;
  readonly store: Store;
  /** Takes nothing more, and resolves once every row is written; the store can still be asked. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** Starts it, with every refusal a row: the cap has its own test. */
export async function startStoredIngress(sources: readonly Source[]): Promise<StoredIngress> {
  const database = await createDatabase();
  const pools = [1, 2].map((max) => createPool({ url: database.url, max, applicationName: 'hookline-test', log: silentLog }));
  const [refusalPool = database.pool, inboxPool = database.pool] = pools;
  const now = (): Date => new Date();
  const inbox = createInbox({ pool: inboxPool, log: silentLog });
  const refusals = createRefusals({ pool: refusalPool, log: silentLog, now, perSecond: 10_000 });
  const ingress = createIngress({
    sources,
    providers,
    interpret: createInterpreter({ providers, events, chains }),
    inbox,
    refusals,
    starter: { nudge: () => undefined },
    log: silentLog,
    now,
    newUuid: createUuidV7(),
  });
  const { port } = await ingress.listen({ host: '127.0.0.1', port: 0 });
  const settle = async (): Promise<void> => {
    await ingress.close();
    await inbox.close();
    await refusals.close();
  };
  return {
    port,
    store: createStore({ pool: database.pool }),
    settle,
    async close() {
      await settle();
      await Promise.all(pools.map((pool) => pool.close()));
      await database.close();
    },
  };
}
