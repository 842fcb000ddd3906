import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import marketing from '../../../src/activities/agents/marketing.ts';
import type { StateAction } from '../../../src/activities/define-agent.ts';
import type { AgentDependencies } from '../../../src/activities/dependencies.ts';
import { readSegmentRules } from '../../../src/activities/segment-rules.ts';
import { performState } from '../../../src/activities/state-ledger.ts';
import type { User } from '../../../src/events/_user.ts';
import { readEntity } from '../../../src/store/entities.ts';
import { userRegistered } from '../../../scripts/record/sample-user.ts';
import { createDatabase, type TestDatabase } from '../../support/database.ts';
import { callOf, from } from '../../support/ledger-calls.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.close());

const { segment } = marketing.actions({ segmentRules: readSegmentRules() } as AgentDependencies); // it looks at nothing else

async function segmentOf(user: User, eventId = 'a'): Promise<unknown> {
  const action = segment as StateAction<unknown, unknown>; // its types forgotten
  const call = callOf({ action: 'marketing.segment', ledger: 'welcome-user', eventId });
  return (await performState(database.pool, { ...from(randomUUID(), call, { user }), action, dryAction: action })).result;
}
const membersOf = async (id: string): Promise<readonly string[]> =>
  (
    await database.pool.query<{ readonly line: string }>({
      name: 'test.members',
      text: `SELECT segment || ' ' || to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS line FROM segment_members WHERE user_id = $1 ORDER BY 1`,
      values: [id],
    })
  ).rows.map(({ line }) => line);

describe('segment', () => {
  it('puts a user into the segments whose rules hold, and keeps what is known', async () => {
    const user = userRegistered({ id: 'app:1' }).data;
    expect(await segmentOf(user)).toEqual({ segments: ['business', 'large-team', 'newsletter', 'paying'] });
    expect(await membersOf('app:1')).toEqual([
      'business 2026-01-01',
      'large-team 2026-01-01',
      'newsletter 2026-01-01',
      'paying 2026-01-01',
    ]);
    const { id: _, ...known } = user;
    expect((await readEntity(database.pool, { type: 'user', id: 'app:1' })).fields).toEqual({
      ...known,
      segments: ['business', 'large-team', 'newsletter', 'paying'],
    });
  });

  it('takes a user out of what no longer holds, and lets an older event change nothing, in either order', async () => {
    const older = { plan: 'free', registeredAt: '2026-01-01T00:00:00.000Z' };
    const newer = { marketingConsent: false, registeredAt: '2026-02-01T00:00:00.000Z' };
    for (const [id, order] of [
      ['app:2', [older, newer]],
      ['app:3', [newer, older]],
    ] as const) {
      for (const [index, overrides] of order.entries()) await segmentOf(userRegistered({ id, ...overrides }).data, `e${index}`);
      expect((await membersOf(id)).map((line) => line.split(' ')[0])).toEqual(['business', 'large-team', 'paying']);
      expect((await readEntity(database.pool, { type: 'user', id })).fields).toMatchObject({
        plan: 'team',
        segments: ['business', 'large-team', 'paying'],
      });
    }
  });

  it('puts a user for whom no rule holds into none', async () => {
    const user = userRegistered({ id: 'app:4', email: null, plan: null, marketingConsent: null, attributes: {} }).data;
    expect(await segmentOf(user)).toEqual({ segments: [] });
    expect(await membersOf('app:4')).toEqual([]);
  });
});
