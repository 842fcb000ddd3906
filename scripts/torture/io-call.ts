/** Who makes a call: the provider that sends the webhook, or a process of ours. */
export const ROLES = ['sender', 'ingress', 'worker'] as const;

/** One of them. */
export type Role = (typeof ROLES)[number];

/**
 * What goes wrong with a call, once. `refused`: the other side says no, and has done nothing. `cut`: the connection breaks. `hang`: the
 * connection is silent from then on, in both directions, so that each side goes by its own deadline. `kill`: the process that makes the call
 * (SIGKILL; of the sender's, the ingress). Each of the last three before the other side has seen the call, or after it has done it, with
 * the reply on the way.
 */
export const MODES = ['refused', 'cutBefore', 'cutAfter', 'hangBefore', 'hangAfter', 'killBefore', 'killAfter'] as const;

/** One of them. */
export type Mode = (typeof MODES)[number];

/** The modes of what has no reply, such as a connect. */
export const WITHOUT_REPLY: readonly Mode[] = ['cutBefore', 'hangBefore', 'killBefore'];

/** A request to PostgreSQL, to Temporal, to a vendor or to the ingress, whole and on its way. */
export interface IoCall {
  readonly role: Role;
  /** The prepared statement, the service's method, the SMTP verb. */
  readonly name: string;
  /** Calls of one transaction, or of one vendor's connection, share it: what one of them is about, all are. */
  readonly group: string;
  readonly request: Buffer;
  readonly modes: readonly Mode[];
}

/** What becomes of a request. */
export type BeforeStep = 'pass' | 'refuse' | 'cut' | 'hang';

/** What becomes of its reply. */
export type AfterStep = Exclude<BeforeStep, 'refuse'>;

/** Whom the proxies ask before they pass anything on. */
export interface IoGate {
  before(call: IoCall): Promise<BeforeStep>;
  after(call: IoCall, reply: Buffer): Promise<AfterStep>;
}

/** A proxy between a process and what it calls. */
export interface IoProxy {
  readonly port: number;
  /** Ends the connections that hang. */
  thaw(): void;
  close(): Promise<void>;
}
