import { z } from 'zod';

const account = z.object({ login: z.string(), id: z.number(), type: z.string() }).readonly();
const repository = z
  .object({
    id: z.number(),
    name: z.string(),
    full_name: z.string(),
    private: z.boolean(),
    html_url: z.string(),
    description: z.string().nullable(),
    fork: z.boolean(),
    default_branch: z.string(),
  })
  .readonly();
const commit = z
  .object({
    id: z.string(),
    message: z.string(),
    timestamp: z.string(),
    url: z.string(),
    distinct: z.boolean(),
    author: z.object({ name: z.string(), email: z.string().nullable(), username: z.string().exactOptional() }).readonly(),
    added: z.array(z.string()).readonly(),
    removed: z.array(z.string()).readonly(),
    modified: z.array(z.string()).readonly(),
  })
  .readonly();

/** The shapes of `src/providers/_payloads/github.ts` as schemas: a type test says that they are the same. */
export const githubShapes = {
  push: z
    .object({
      ref: z.string(),
      before: z.string(),
      after: z.string(),
      created: z.boolean(),
      deleted: z.boolean(),
      forced: z.boolean(),
      compare: z.string(),
      commits: z.array(commit).readonly(),
      head_commit: commit.nullable(),
      repository,
      pusher: z.object({ name: z.string(), email: z.string().nullable().exactOptional() }).readonly(),
      sender: account.exactOptional(),
    })
    .readonly(),
  issues: z
    .object({
      action: z.string(),
      issue: z
        .object({
          id: z.number(),
          number: z.number(),
          title: z.string(),
          body: z.string().nullable(),
          state: z.string().exactOptional(),
          user: account.nullable(),
          html_url: z.string(),
          created_at: z.string(),
          updated_at: z.string(),
          closed_at: z.string().nullable(),
        })
        .readonly(),
      repository,
      sender: account,
    })
    .readonly(),
  ping: z
    .object({
      zen: z.string(),
      hook_id: z.number(),
      hook: z.object({ id: z.number(), type: z.string(), active: z.boolean(), events: z.array(z.string()).readonly() }).readonly(),
    })
    .readonly(),
} as const;
