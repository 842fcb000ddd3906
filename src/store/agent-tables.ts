import type { JsonObject } from '../contracts/json.ts';
import type { EntityKey } from '../contracts/webhook.ts';
import type { AnalyticsRow } from './analytics.ts';
import type { CrmProfileRow } from './customers.ts';
import type { Pool } from './pool.ts';
import { listTeamNotices, type ListedNotice, type TeamNoticeFilter } from './team-notices.ts';

/** An entity as it stands. */
export interface EntityRow {
  readonly id: string;
  readonly fields: JsonObject;
}

/** One entity, with the write that stands for each of its fields. */
export interface WholeEntity extends EntityRow {
  /** Field → `{ time, rank, eventId }`. */
  readonly versions: JsonObject;
  readonly updatedAt: Date;
}

/** How many entities of a type there are. */
export interface EntityCount {
  readonly type: string;
  readonly count: number;
}

/** What agents have written into tables of our own, as people look at it. */
export interface AgentTables {
  /** Entities of one type, by id, at most 1,000. */
  entities(type: string): Promise<readonly EntityRow[]>;
  /** Every type of which there is an entity, by name. */
  entityTypes(): Promise<readonly EntityCount[]>;
  /** Those of a type that were changed last, the newest change first. */
  changedEntities(filter: { readonly type: string; readonly limit: number }): Promise<readonly Omit<WholeEntity, 'versions'>[]>;
  /** `undefined` where nobody has written it. */
  entity(key: EntityKey): Promise<WholeEntity | undefined>;
  /** Profiles of the built-in CRM, by customer, at most 1,000. */
  crmProfiles(): Promise<readonly CrmProfileRow[]>;
  /** Facts that were counted, the newest first, at most 1,000. */
  analytics(): Promise<readonly AnalyticsRow[]>;
  /** What the team was told, the newest first. */
  teamNotices(filter: TeamNoticeFilter): Promise<readonly ListedNotice[]>;
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
    entityTypes: async () =>
      (
        await pool.query<EntityCount>({
          name: 'agentTables.entityTypes',
          text: 'SELECT type, count(*)::float8 AS count FROM entities GROUP BY type ORDER BY type COLLATE "C"',
        })
      ).rows,
    changedEntities: async ({ type, limit }) =>
      (
        await pool.query<Omit<WholeEntity, 'versions'>>({
          name: 'agentTables.changedEntities',
          text: `SELECT id, fields, updated_at AS "updatedAt" FROM entities WHERE type = $1 ORDER BY updated_at DESC, id COLLATE "C" LIMIT $2`,
          values: [type, limit],
        })
      ).rows,
    entity: async ({ type, id }) =>
      (
        await pool.query<WholeEntity>({
          name: 'agentTables.entity',
          text: 'SELECT id, fields, versions, updated_at AS "updatedAt" FROM entities WHERE type = $1 AND id = $2',
          values: [type, id],
        })
      ).rows[0],
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
