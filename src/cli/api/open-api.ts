import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { HooklineError } from '../../contracts/errors.ts';
import type { Settings } from '../../contracts/settings.ts';
import type { StackFacts } from '../../runtime/stack-file.ts';
import { globalsOf } from '../settings.ts';
import { findWorkplace, readWorkplace, type Workplace } from '../workplace.ts';
import { createApiClient, type ApiClient } from './api-client.ts';
import { sendOverHttp } from './send-over-http.ts';

/** A way to the admin API, until it is closed. */
export interface OpenApi extends ApiClient {
  close(): Promise<void>;
}

/** Options of `openApi`. */
export interface OpenApiOptions {
  /** Whether a database is needed; without one only what stands in code and settings can be asked for. @default true */
  readonly database?: boolean;
  /** Gives up what is asked over HTTP. */
  readonly signal?: AbortSignal;
}

/**
 * Finds the admin API: the one that `--api` or `HOOKLINE_API` names; else that of the running stack; else the very same in this process,
 * over the database that the settings name. In this process too where `--config` names settings, since those are to count, and where the
 * stack's listener cannot be asked by loopback without a token: whoever can read the stack's file may open its database.
 */
export async function openApi(command: Command, { database = true, signal }: OpenApiOptions = {}): Promise<OpenApi> {
  const operator = whoAmI();
  const globals = globalsOf(command);
  const named = globals.api ?? (process.env['HOOKLINE_API'] || undefined);
  if (named !== undefined) {
    const token = process.env['HOOKLINE_TOKEN'] || undefined;
    return overHttp({ url: toApiUrl(named), token, operator, signal });
  }
  const workplace = await (database ? findWorkplace(command) : readWorkplace(command));
  const place = chooseApi(workplace, { configured: globals.config !== undefined });
  if (place.at === 'stack') return overHttp({ url: place.url, operator, signal });
  const databaseUrl = place.databaseUrl ?? (database ? undefined : NO_DATABASE);
  if (databaseUrl === undefined) {
    const fix = 'start one with `npm start`, or name a database in `DATABASE_URL`, or the API of another machine by `--api`';
    throw new HooklineError('stack.notRunning', { where: workplace.settings.data, fix });
  }
  return inProcess({ ...workplace, databaseUrl, operator });
}

/** Where the API is that no address names: at the stack, or over a database, where there is one. */
export function chooseApi(
  {
    settings,
    stack,
  }: {
    readonly settings: { readonly admin: Pick<Settings['admin'], 'auth'>; readonly database: { readonly url?: string | undefined } };
    readonly stack: Pick<StackFacts, 'adminUrl' | 'databaseUrl'> | null;
  },
  { configured }: { readonly configured: boolean },
): { readonly at: 'stack'; readonly url: string } | { readonly at: 'database'; readonly databaseUrl: string | undefined } {
  if (stack === null) return { at: 'database', databaseUrl: settings.database.url };
  const isOpen = settings.admin.auth === 'remote' && isLoopback(new URL(stack.adminUrl));
  return isOpen && !configured ? { at: 'stack', url: stack.adminUrl } : { at: 'database', databaseUrl: stack.databaseUrl };
}

/** Nobody listens there: what asks for rows after all is told that PostgreSQL cannot be reached. */
const NO_DATABASE = 'postgresql://127.0.0.1:1/none';

function overHttp(place: Parameters<typeof sendOverHttp>[0]): OpenApi {
  return { ...createApiClient(sendOverHttp(place)), close: async () => {} };
}

/** Loaded where it is needed: it costs half a second. */
async function inProcess(place: Workplace & { readonly databaseUrl: string; readonly operator: string }): Promise<OpenApi> {
  const { openInProcess } = await import('./open-in-process.ts');
  const { send, close } = openInProcess(place);
  return { ...createApiClient(send), close };
}

/** Whether this machine is reached by a name that its listener lets in without a token, and without a certificate. */
function isLoopback({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && LOOPBACK.test(hostname);
}

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])$/;

/** The address that a person gives. Refuses one over which token and answers would travel in the clear. */
export function toApiUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isUrl = url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.search === '' && url.hash === '';
  if (!isUrl || url.password !== '')
    throw new HooklineError('cli.usage', {
      expected: '`--api` or `HOOKLINE_API` with an address such as `https://ops.example.com`',
      got: 'another',
    });
  if (url.protocol === 'http:' && !isLoopback(url))
    throw new HooklineError('cli.usage', {
      expected: 'an API by https, or at this machine',
      got: 'http to another machine, where token and answers would travel in the clear',
      fix: 'use https, or a tunnel: `ssh -L 8788:127.0.0.1:8788 <host>` and `--api http://127.0.0.1:8788`',
    });
  return url.href.replace(/\/+$/, '');
}

/** The name of the user, as far as a header can hold it. A container may run as one who has none. */
function whoAmI(): string {
  try {
    return userInfo().username.replaceAll(/[^\x21-\x7e]/g, '');
  } catch {
    return '';
  }
}
