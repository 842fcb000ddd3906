/** What the public listener allows one sender, and how it ends. Times in milliseconds unless the name says otherwise. */
export interface IngressLimits {
  /** Largest body; one byte more is 413. */
  readonly bodyBytes: number;
  /** Largest head, all header lines together; more is 431. */
  readonly headerBytes: number;
  /** Most header lines; more is 431 (Node 24; Node 20 dropped the rest in silence, a signature among them). */
  readonly headerCount: number;
  /** A head must be complete within this time, else 408. */
  readonly headersTimeoutMs: number;
  /** Head and body must be complete within this time, else 408. Fastify's own default switches Node's limit off. */
  readonly requestTimeoutMs: number;
  /** How often Node looks for connections over the two limits above. */
  readonly connectionsCheckMs: number;
  /** A complete request is answered within this time: without a commit by then it is 503. */
  readonly commitTimeoutMs: number;
  /** How long an idle connection is kept: longer than the proxy in front keeps it, so that the proxy never posts into a close. */
  readonly keepAliveTimeoutMs: number;
  /** Connections at a time; of more, the oldest that has brought nothing signed is closed. Limits per sender belong in the proxy. */
  readonly connections: number;
  /** Requests on one connection before it is closed, so that load spreads again. */
  readonly requestsPerSocket: number;
  /** How often the files of certificate and key are looked at; a change is taken at the second look that sees it. */
  readonly certificateCheckMs: number;
  /** `Retry-After` of a 503. */
  readonly retryAfterSeconds: number;
  /** How long a draining listener still takes new connections, while every reply says `Connection: close`. */
  readonly drainServeMs: number;
  /** How long a connection that was made just before the end has for its first byte, which is a round trip behind it. */
  readonly drainFreshMs: number;
  /** How often a draining listener closes connections that have become idle. */
  readonly drainSweepMs: number;
  /** What is still open this long after the listener has closed is cut off. */
  readonly drainGraceMs: number;
}

/** The limits in production; a test reads them off the listening server. */
export const DEFAULT_LIMITS: IngressLimits = Object.freeze({
  bodyBytes: 1024 * 1024,
  headerBytes: 16 * 1024,
  headerCount: 100,
  headersTimeoutMs: 5_000,
  requestTimeoutMs: 10_000,
  connectionsCheckMs: 1_000,
  commitTimeoutMs: 8_000,
  keepAliveTimeoutMs: 72_000,
  connections: 1_000,
  requestsPerSocket: 1_000,
  certificateCheckMs: 2_000,
  retryAfterSeconds: 2,
  drainServeMs: 500,
  drainFreshMs: 300,
  drainSweepMs: 100,
  drainGraceMs: 5_000,
});
