import { redisLength } from './redis-length.ts';
import type { RunningSystem } from './system.ts';
import type { World } from './world.ts';

/** Starts a Redis, and a server that adds a job for each webhook. */
export async function startBullmq(world: World, appendfsync: 'always' | 'everysec'): Promise<RunningSystem> {
  const port = await world.redis(appendfsync);
  return { url: await world.serve('bullmq', { REDIS_PORT: String(port) }), stored: () => redisLength(port, 'bull:webhooks:wait') };
}
