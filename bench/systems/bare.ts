import { peerVersion } from '../harness/peer-version.ts';
import type { System } from '../harness/system.ts';

/** The limit: the handler that the peers share, without a place to keep anything. */
export default {
  name: 'bare',
  means: 'the same Fastify handler, verified and parsed, kept nowhere',
  ack: 'nothing',
  versions: () => [peerVersion('fastify')],
  start: async (world) => ({ url: await world.serve('bare', {}) }),
} satisfies System;
