import type { WholeEventView } from '../../admin/api/views/event-view.ts';
import type { JsonObject } from '../../contracts/json.ts';

/** The chains to which an event goes. */
export interface DrillRoute {
  readonly always: readonly string[];
  /** Chains with a filter of their own, which decide event by event. */
  readonly maybe: readonly string[];
}

/** An event of a drill, before it is signed. */
export interface DrillEvent {
  readonly id: string;
  readonly type: string;
  /** Null where no chain may want it. */
  readonly route: DrillRoute | null;
  /** The whole webhook. */
  readonly body: JsonObject;
}

/** What came back from one try to post an event. */
export interface DrillAnswer {
  readonly eventId: string;
  /** Null where nothing was answered. */
  readonly httpStatus: number | null;
  /** `accepted`, `duplicate` …; null where the answer says none. */
  readonly status: string | null;
  /** The cause of a refusal, as far as the sender is told, or why nothing was answered. */
  readonly code: string | null;
  readonly tookMs: number;
}

/** Everything that a drill has seen, for its checker. */
export interface DrillFacts {
  readonly sent: readonly DrillEvent[];
  readonly answers: readonly DrillAnswer[];
  /** What the admin API tells of every event whose id begins like the drill's. */
  readonly stored: readonly WholeEventView[];
  /** Entities whose id holds the beginning of the drill's ids: test traffic leaves none. */
  readonly entities: readonly { readonly type: string; readonly id: string }[];
  /** Whether copies were sent beside the first of each event. */
  readonly withCopies: boolean;
}
