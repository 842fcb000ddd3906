import type { Settings } from '../../src/contracts/settings.ts';

/** Settings of a machine with one source and a database of its own. */
export const exampleSettings: Settings = {
  sources: {
    shop: {
      provider: 'shopify',
      secrets: ['s3cret-of-the-shop'],
      id: undefined,
      type: { value: 'order.created' },
      time: undefined,
      data: undefined,
      references: undefined,
      toleranceSeconds: undefined,
      sameBody: undefined,
      allow: ['203.0.113.0/24'],
      include: undefined,
      exclude: ['order.updated'],
    },
  },
  ingress: {
    host: '127.0.0.1',
    port: 8787,
    trustProxy: [],
    bodyLimit: 1024,
    headersTimeoutMs: 1,
    requestTimeoutMs: 1,
    keepAliveTimeoutMs: 1,
    maxConnections: 1,
  },
  inbox: { maxWaiting: 1 },
  database: { url: 'postgres://hookline:s3cret@db.example/hookline' },
  temporal: { address: undefined, namespace: undefined, uiUrl: undefined },
  mail: { from: 'a@b.example', smtp: undefined, messageIdDomain: 'b.example' },
  warehouse: { url: undefined, secret: 'whsec_s3cret' },
  crm: { url: undefined, bearer: undefined, secret: undefined },
  support: { teamUrl: undefined, teamSecret: undefined },
  marketing: { segments: undefined },
  http: { allow: [] },
  starter: { sweepMs: 1, concurrency: 1, leaseMs: 1 },
  worker: { maxCachedWorkflows: 1, maxConcurrentActivities: 1, shutdownGraceMs: 1 },
  log: { level: 'info' },
  data: '/var/lib/hookline',
};
