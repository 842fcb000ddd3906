import type { JsonObject } from '../contracts/json.ts';
import type { AnalyticsRow } from './analytics.ts';
import type { CrmProfileRow } from './customers.ts';
import type { Pool } from './pool.ts';
import { listTeamNotices, type TeamNoticeFilter } from './team-notices.ts';
import type { TeamNoticeRow } from './tickets.ts';

/** An entity as it stands. */
export interface EntityRow {
  readonly id: string;
  readonly fields: JsonObject;
}

/** What agents have written into tables of our own, as people look at it. */
export interface AgentTables {
  /** Entities of one type, by id, at most 1,000. */
  entities(type: string): Promise<readonly EntityRow[]>;
  /** Profiles of the built-in CRM, by customer, at most 1,000. */
  crmProfiles(): Promise<readonly CrmProfileRow[]>;
  /** Facts that were counted, the newest first, at most 1,000. */
  analytics(): Promise<readonly AnalyticsRow[]>;
  /** What the team was told, the newest first. */
  teamNotices(filter: TeamNoticeFilter): Promise<readonly TeamNoticeRow[]>;
}

/** Makes the statements that read agents' tables. */
export function createAgentTables({ pool }: { readonly pool: Pool }): AgentTables {
  return {
    entities: async (type) =>
      (
        await pool.query<EntityRow>({
          name: 'agentTables.entities',
          text: 'SELECT id, fields FROM entities WHERE type = $1 ORDER BY id COLLATE "C" LIMIT 1000',
          values: [type],
        })
      ).rows,
    crmProfiles: async () =>
      (
        await pool.query<CrmProfileRow>({
          name: 'agentTables.crmProfiles',
          text: 'SELECT external_id AS "externalId", revision, profile FROM crm_profiles ORDER BY external_id COLLATE "C" LIMIT 1000',
        })
      ).rows,
    analytics: async () =>
      (
        await pool.query<AnalyticsRow>({
          name: 'agentTables.analytics',
          text: `SELECT key, name, subject, value::float8 AS value, currency, occurred_at AS "occurredAt" FROM analytics
                 ORDER BY occurred_at DESC, key LIMIT 1000`,
        })
      ).rows,
    teamNotices: (filter) => listTeamNotices(pool, filter),
  };
}
