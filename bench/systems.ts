import type { System } from './harness/system.ts';
import bare from './systems/bare.ts';
import bullmqAlways from './systems/bullmq-always.ts';
import bullmqEverysec from './systems/bullmq-everysec.ts';
import celery from './systems/celery.ts';
import dbos from './systems/dbos.ts';
import graphileWorker from './systems/graphile-worker.ts';
import hooklineStarting from './systems/hookline-starting.ts';
import hookline from './systems/hookline.ts';
import pgBoss from './systems/pg-boss.ts';
import restate from './systems/restate.ts';
import temporalInRequest from './systems/temporal-in-request.ts';

/** Everything that takes webhooks, in the order of the tables. */
export const SYSTEMS: readonly System[] = [
  bare,
  hookline,
  hooklineStarting,
  bullmqAlways,
  bullmqEverysec,
  pgBoss,
  graphileWorker,
  dbos,
  restate,
  celery,
  temporalInRequest,
];
