import type { Log } from '../../contracts/names.ts';
import type { Source } from '../../contracts/webhook.ts';
import type { Store } from '../../store/store.ts';
import type { TokenRole } from '../../store/tokens.ts';
import type { ReadPendingSteps } from '../why/pending-steps.ts';
import type { LinkTo } from './views/run-view.ts';

/** What the API is made of. */
export interface ApiContext {
  readonly store: Store;
  /** As the settings have them now, with their secrets, of which nothing is ever told. */
  readonly sources: readonly Source[];
  /** Where providers reach the public listener, which may be known only later. */
  readonly publicUrl: () => string;
  /** The page of a run in the Temporal UI. */
  readonly linkTo: LinkTo;
  /** What runs that are under way wait for. @default Temporal is not asked */
  readonly pendingSteps?: ReadPendingSteps | undefined;
  readonly now: () => Date;
  /** Of version 7. */
  readonly newUuid: () => string;
  /** Cryptographically strong. */
  readonly randomBytes: (size: number) => Buffer;
  readonly log: Log;
}

/** Who asks, and what that one may do. */
export interface Caller {
  /** A token's name, or `local`, with the user's name where that is known. */
  readonly actor: string;
  readonly role: TokenRole;
  /** Whether payloads may be read. */
  readonly payloads: boolean;
}
