import { randomBytes } from 'node:crypto';
import { allRoutes } from '../admin/api/all-routes.ts';
import type { ApiOptions } from '../admin/api/mount-api.ts';
import { toOpenApiDocument } from '../admin/api/open-api.ts';
import { toTemporalLink } from '../admin/temporal-link.ts';
import type { ReadPendingSteps } from '../admin/why/pending-steps.ts';
import type { Log } from '../contracts/names.ts';
import { toSources, type Settings } from '../contracts/settings.ts';
import { toPublicUrl } from '../ingress/listener-url.ts';
import { createPool } from '../store/pool.ts';
import { createStore } from '../store/store.ts';

/** What the admin API is made of. */
export interface ApiWish {
  /** Of the sources, and of the Temporal UI. */
  readonly settings: Settings;
  readonly databaseUrl: string;
  /** Temporal's. */
  readonly namespace: string;
  /** Where the Temporal UI is, which may be known only later; null where nobody knows. */
  readonly uiUrl: () => string | null;
  /** Where providers reach the public listener. @default what the settings say */
  readonly publicUrl?: (() => string) | undefined;
  /** Asks Temporal. @default it is not asked */
  readonly pendingSteps?: ReadPendingSteps | undefined;
  readonly log: Log;
  readonly now: () => Date;
  /** Of version 7. */
  readonly newUuid: () => string;
}

/** The admin API on connections of its own, so that a slow list stands in nobody's way. */
export interface Api {
  /** What `createAdminServer` takes. */
  readonly options: Omit<ApiOptions, 'access'>;
  close(): Promise<void>;
}

const CONNECTIONS = 4;

/** Makes the admin API; PostgreSQL need not be there yet. */
export function createApi({
  settings,
  databaseUrl,
  namespace,
  uiUrl,
  publicUrl = () => toPublicUrl(settings),
  pendingSteps,
  log,
  now,
  newUuid,
}: ApiWish): Api {
  const pool = createPool({ url: databaseUrl, max: CONNECTIONS, applicationName: 'hookline-api', log });
  let document: Promise<object> | undefined;
  return {
    options: {
      routes: allRoutes,
      context: {
        store: createStore({ pool }),
        sources: toSources(settings),
        publicUrl,
        linkTo: (run) => toTemporalLink({ uiUrl: uiUrl(), namespace, ...run }),
        pendingSteps,
        now,
        newUuid,
        randomBytes: (size) => randomBytes(size),
        log,
      },
      document: () => (document ??= toOpenApiDocument(allRoutes)),
    },
    close: () => pool.close(),
  };
}
