/** What may not be imported, and where the code belongs instead. */
export interface ImportBan {
  /** Rust's regular expressions, over the import's specifier. A `group` with `node:*` in it silently matches nothing. */
  readonly regex: string;
  readonly message: string;
  readonly allowTypeImports?: boolean;
}

/** A module of which some names may not be imported. */
export interface NameBan {
  readonly name: string;
  readonly importNames: string[];
  readonly message: string;
}

/** The rooms, in their order: each imports only from those before it. */
export const ROOMS = [
  'contracts',
  'events',
  'entities',
  'providers',
  'store',
  'activities',
  'workflows',
  'ingress',
  'admin',
  'runtime',
  'cli',
] as const;

/** A room of `src`. */
export type Room = (typeof ROOMS)[number];

/** What a room may not import: the rooms after it, and the libraries that belong to other rooms. */
export function roomBans(room: Room): ImportBan[] {
  const later = ROOMS.slice(ROOMS.indexOf(room) + 1);
  const bans: ImportBan[] = later.map((other) => ({
    regex: `^(?:\\.\\./)+${other}/`,
    message: `${room} comes before ${other}: move what is shared to a room before both, or take it as a parameter.`,
  }));
  if (room === 'workflows') bans.push(...SANDBOX_BANS);
  if (room === 'contracts') bans.push(ZOD_BAN);
  if (room !== 'store') bans.push(PG_BAN);
  bans.push(...HTTP_BANS, NODEMAILER_BAN);
  return bans;
}

/** The words of all rooms stay light enough for the sandbox. */
export const ZOD_BAN: ImportBan = {
  regex: '^zod(?:/|$)',
  message: 'In contracts zod stands in the settings files only: parse at the edge, in events or providers.',
};

/** SQL has one room. */
export const PG_BAN: ImportBan = { regex: '^pg(?:/|$)', message: 'SQL stands in src/store only: add a function there.' };

/** Calls to the outside go through one module, which has the deadlines, caps and block list. */
export const HTTP_BANS: readonly ImportBan[] = [
  {
    regex: '^undici(?:/|$)',
    message: 'Outbound HTTP goes through src/activities/outbound-http.ts, which has deadlines, caps and the block list.',
  },
  {
    regex: '^(?:node:)?https$',
    message: 'Outbound HTTP goes through src/activities/outbound-http.ts, which has deadlines, caps and the block list.',
  },
];

/** The client's half of `node:http`; its server's half is free. */
export const HTTP_CLIENT_BAN: NameBan = {
  name: 'node:http',
  importNames: ['request', 'get', 'Agent', 'ClientRequest'],
  message: 'Outbound HTTP goes through src/activities/outbound-http.ts, which has deadlines, caps and the block list.',
};

/** Mail has one module. */
export const NODEMAILER_BAN: ImportBan = {
  regex: '^nodemailer(?:/|$)',
  message: 'Mail goes through src/activities/mailer.ts, which tells sent from maybe sent.',
};

/** Signatures are made and compared in one helper, in constant time. */
export const DIGEST_BAN: NameBan = {
  name: 'node:crypto',
  importNames: ['createHmac', 'timingSafeEqual'],
  message: 'Signatures are made and compared in src/providers/_hmac.ts, in constant time: describe the scheme to it.',
};

const SANDBOX_BANS: readonly ImportBan[] = [
  { regex: '^node:', message: 'Workflow code runs in a sandbox without Node: do it in an action (src/activities/agents).' },
  {
    regex: '^zod(?:/|$)',
    allowTypeImports: true,
    message: 'zod in workflow code costs memory in every cached run: the event was parsed at receipt.',
  },
  {
    regex: '^(?:\\.\\./)+(?:events|entities|providers|store|activities)/',
    allowTypeImports: true,
    message: 'Workflow code takes types of the other rooms only (`import type`): call an action instead.',
  },
  {
    regex: '^(?:\\.\\./)+contracts/(?:settings|ids)',
    allowTypeImports: true,
    message: 'This part of contracts needs Node or zod: workflow code takes its types only.',
  },
  {
    regex: '^@temporalio/(?:activity|client|envconfig|proto|worker)(?:/|$)',
    allowTypeImports: true,
    message: 'Workflow code takes @temporalio/workflow and @temporalio/common only.',
  },
];
