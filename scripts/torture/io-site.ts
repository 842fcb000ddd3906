import type { IoCall, Mode, Role } from './io-call.ts';

/** One I/O call in an event's life, the same in each life. */
export interface IoSite {
  readonly role: Role;
  readonly name: string;
  /** The first call of the role by this name that is about the event is 1. */
  readonly nth: number;
  /** What tells that a call is the event's: its own bytes, those of its reply, or its place beside calls that tell. */
  readonly seenBy: 'request' | 'reply' | 'group';
  readonly modes: readonly Mode[];
}

/** A call of a life, and whether its bytes name the event. */
export interface RecordedCall {
  readonly call: Pick<IoCall, 'role' | 'name' | 'group' | 'modes'>;
  readonly inRequest: boolean;
  readonly inReply: boolean;
  /** Whether calls of its kind come without any event as well. */
  readonly whileIdle: boolean;
}

/** One site and what goes wrong there. */
export interface TortureCase {
  readonly site: IoSite;
  readonly mode: Mode;
}

/** `worker ledger.settle#2`. */
export function toSiteId({ role, name, nth }: Pick<IoSite, 'role' | 'name' | 'nth'>): string {
  return `${role} ${name}#${nth}`;
}

/** `worker ledger.settle#2 cutAfter`, by which a case is run again. */
export function toCaseId({ site, mode }: TortureCase): string {
  return `${toSiteId(site)} ${mode}`;
}

/**
 * The sites of a life, in order: each call that names the event, or shares a transaction or a connection with one that does, or is of a kind
 * that comes with an event only.
 */
export function listSites(calls: readonly RecordedCall[]): readonly IoSite[] {
  const groups = new Set(calls.filter(({ inRequest, inReply }) => inRequest || inReply).map(({ call }) => call.group));
  const counts = new Map<string, number>();
  return calls
    .filter(({ call, whileIdle }) => groups.has(call.group) || !whileIdle)
    .map(({ call: { role, name, modes }, inRequest, inReply }) => {
      const nth = (counts.get(`${role} ${name}`) ?? 0) + 1;
      counts.set(`${role} ${name}`, nth);
      return { role, name, nth, modes, seenBy: inRequest ? 'request' : inReply ? 'reply' : 'group' };
    });
}

/** The sites that every one of several lives has: what comes in one of them alone is a retry of a busy machine. */
export function commonSites(lives: readonly (readonly IoSite[])[]): readonly IoSite[] {
  const [first = [], ...others] = lives;
  const ids = others.map((sites) => new Set(sites.map(toSiteId)));
  return first.filter((site) => ids.every((known) => known.has(toSiteId(site))));
}
