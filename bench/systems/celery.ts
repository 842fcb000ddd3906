import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { redisLength } from '../harness/redis-length.ts';
import type { System } from '../harness/system.ts';

/** The classic: as many processes as gunicorn's documentation says, with threads, so that connections are kept. */
export default {
  name: 'celery',
  means: 'Flask on gunicorn queues a Celery task; Redis with appendfsync always',
  ack: 'on disk',
  needs: ['redis', 'python'],
  versions: ({ redis, python }) => [python?.version ?? '', `redis ${redis?.version}`],
  async start(world) {
    const redis = await world.redis('always');
    const port = await world.freePort();
    await world.run({
      name: 'celery',
      command: world.tools.python?.command ?? 'python3',
      args: [
        '-m',
        'gunicorn',
        `--workers=${2 * availableParallelism() + 1}`,
        '--worker-class=gthread',
        '--threads=4',
        '--keep-alive=75',
        `--bind=127.0.0.1:${port}`,
        `--chdir=${join(import.meta.dirname, '../servers')}`,
        'celery_app:app',
      ],
      env: { WEBHOOK_SECRET: world.secret, REDIS_PORT: String(redis), PYTHONDONTWRITEBYTECODE: '1' },
      ready: port,
    });
    return { url: `http://127.0.0.1:${port}/webhooks/github`, stored: () => redisLength(redis, 'celery') };
  },
} satisfies System;
