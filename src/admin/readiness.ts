/** What a process does, which decides what it cannot be without. */
export type Role = 'ingress' | 'worker' | 'admin' | 'up';

/** How a server is, as far as this process knows. */
export interface ServerState {
  /** Since when it is no use; null while it is. */
  downSince(): Date | null;
  /** Why, in a few words; null where it is of use, or nobody knows. @default nobody knows */
  reason?(): string | null;
  /** Since when it has too much to do; null where it has not. @default it has not */
  strainedSince?(): Date | null;
}

/** The servers that every process stands on. */
export interface Servers {
  readonly postgres: ServerState;
  readonly temporal: ServerState;
}

/** The answer of `/readyz`. */
export interface ReadinessReport {
  readonly ready: boolean;
  readonly role: Role;
  /** `starting` until all parts are there, `draining` from the wish to stop on. */
  readonly phase: Phase;
  readonly postgres: ServerReport;
  readonly temporal: ServerReport;
  /** What is not as it should be, since when, and what works all the same; one sentence each. */
  readonly notes: readonly string[];
}

type Phase = 'starting' | 'serving' | 'draining';
type ServerReport = { readonly up: true } | { readonly up: false; readonly since: string; readonly reason: string | null };

/** Knows whether this process should be sent work. */
export interface Readiness {
  /** Says that all parts are there. */
  started(): void;
  /** Says that the process is about to stop: from now on it is not ready. */
  drain(): void;
  report(): ReadinessReport;
}

/** What still works while a server is down. */
const MEANWHILE = {
  postgres: {
    ingress: 'webhooks are answered 503, and their senders come again',
    worker: 'actions fail, and are tried again',
    admin: 'operators see nothing and change nothing until it is back',
    up: 'webhooks are answered 503, and their senders come again',
  },
  temporal: {
    ingress: 'events are accepted and started later',
    worker: 'nothing is run; what was under way goes on later',
    admin: 'operators see and change everything; what they start waits',
    up: 'events are accepted and started later',
  },
} as const satisfies Record<keyof Servers, Record<Role, string>>;

/** What becomes slower while Temporal has too much to do. */
const STRAINED = {
  ingress: 'events are accepted, and started more slowly',
  worker: 'runs go on more slowly',
  admin: 'operators see and change everything',
  up: 'events are accepted, and started more slowly',
} as const satisfies Record<Role, string>;

/** An ingress takes webhooks while PostgreSQL is there, whatever becomes of Temporal, and operators look; a worker needs both. */
const NEEDED = { ingress: ['postgres'], admin: ['postgres'], up: ['postgres'], worker: ['postgres', 'temporal'] } as const satisfies Record<
  Role,
  readonly (keyof Servers)[]
>;

/** Makes the readiness of a process that is starting. */
export function createReadiness({ role, servers }: { readonly role: Role; readonly servers: Servers }): Readiness {
  let phase: Phase = 'starting';
  return {
    started() {
      if (phase === 'starting') phase = 'serving';
    },
    drain() {
      phase = 'draining';
    },
    report() {
      const down = (['postgres', 'temporal'] as const).flatMap((server) => {
        const since = servers[server].downSince();
        return since === null ? [] : [{ server, since: since.toISOString(), reason: servers[server].reason?.() ?? null }];
      });
      const strained = servers.temporal.strainedSince?.();
      const needed: readonly (keyof Servers)[] = NEEDED[role];
      const toReport = (server: keyof Servers): ServerReport => {
        const found = down.find((one) => one.server === server);
        return found === undefined ? { up: true } : { up: false, since: found.since, reason: found.reason };
      };
      return {
        ready: phase === 'serving' && !down.some(({ server }) => needed.includes(server)),
        role,
        phase,
        postgres: toReport('postgres'),
        temporal: toReport('temporal'),
        notes: [
          ...(phase === 'starting' ? ['starting: not all parts are there'] : []),
          ...(phase === 'draining' ? ['draining: what is under way is finished, then the process ends'] : []),
          ...down.map(
            ({ server, since, reason }) =>
              `${server}: down since ${since}${reason === null ? '' : `, ${reason}`}: ${MEANWHILE[server][role]}`,
          ),
          ...(strained === null || strained === undefined
            ? []
            : [`temporal: has too much to do since ${strained.toISOString()}: ${STRAINED[role]}`]),
        ],
      };
    },
  };
}
