import userEntity from '../../entities/user.ts';
import type { User } from '../../events/_user.ts';
import { setSegments } from '../../store/segments.ts';
import { defineAgent, stateAction } from '../define-agent.ts';
import { mergeEntity } from '../merge-entity.ts';
import { segmentsOf } from '../segment-rules.ts';

/** Whom to put into segments. */
export interface SegmentInput {
  readonly user: User;
}

/** Segments of users, by declared rules. */
export default defineAgent({
  name: 'marketing',
  actions: (deps) => ({
    /** Puts a user into the segments whose rules hold, and out of all others; what a newer event has said stands. */
    segment: stateAction(async ({ user }: SegmentInput, tx) => {
      const { id, ...told } = user;
      const { registeredAt: time } = user;
      const segments = segmentsOf(user, deps.segmentRules);
      const writes = [
        { agent: 'event', time, fields: told },
        { agent: 'marketing', time, fields: { segments } },
      ];
      const { superseded } = await mergeEntity(tx, { entity: userEntity, id, writes });
      if (!superseded) await setSegments(tx.db, { userId: id, segments, since: new Date(time) });
      return { segments };
    }),
  }),
});
