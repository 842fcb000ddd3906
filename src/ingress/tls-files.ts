import { stat } from 'node:fs/promises';
import type { SecureContextOptions } from 'node:tls';
import { HooklineError } from '../contracts/errors.ts';
import type { Log } from '../contracts/names.ts';
import { readTlsPair, TLS_FLOOR, type CertificateFacts, type TlsPair, type TlsPaths } from './tls-pair.ts';

/** The certificate and key of a listener, as its files have them at the moment. */
export interface TlsFiles {
  /** What an HTTPS server is made with: the pair, TLS 1.2 or later, HTTP/1.1 and nothing else. */
  readonly options: SecureContextOptions & { readonly ALPNProtocols: string[] };
  /** Has a server take each new pair; connections that are open keep theirs and go on. Until `close`. */
  follow(server: TlsServer): void;
  /** What is served now. */
  facts(): CertificateFacts;
  /** Looks no more. */
  close(): void;
}

/** The little of `tls.Server` that a renewal needs. */
export interface TlsServer {
  setSecureContext(options: SecureContextOptions): void;
}

/** Options of `createTlsFiles`. */
export interface TlsFilesOptions {
  readonly paths: TlsPaths;
  readonly log: Log;
  readonly now: () => Date;
  /** From one look at the files to the next, in milliseconds. @default 2,000 */
  readonly everyMs?: number | undefined;
}

/** The settings `*.tls` as paths; undefined for a listener that speaks plain HTTP. The loader sees to it that both are there or neither. */
export function toTlsPaths({ cert, key }: { readonly cert: string | undefined; readonly key: string | undefined }): TlsPaths | undefined {
  return cert === undefined || key === undefined ? undefined : { cert, key };
}

/**
 * Reads a pair, and reads it anew when one of its files changes: by time, size or inode behind all symbolic links, so that certbot's
 * links and Kubernetes' swapped folders are seen. A change must have stood for one look, since the two files never change at once. A
 * pair that cannot be served leaves the old one, and is logged once. Throws `settings.wrong` where the first one cannot.
 */
export function createTlsFiles({ paths, log, now, everyMs = 2_000 }: TlsFilesOptions): TlsFiles {
  const first = readTlsPair(paths, now());
  if (!first.ok) throw toError(first, paths);
  let current = first;
  const servers: TlsServer[] = [];
  let served: string | undefined; // marks of the files that are served; of the first pair they are not known yet
  let seen: string | undefined;
  let complaint = '';
  let timer: NodeJS.Timeout | undefined = schedule();

  return {
    options: { ...toContext(first), ALPNProtocols: ['http/1.1'] },
    follow(server) {
      servers.push(server);
      if (current !== first) server.setSecureContext(toContext(current));
    },
    facts: () => current.facts,
    close() {
      clearTimeout(timer);
      timer = undefined;
    },
  };

  function schedule(): NodeJS.Timeout {
    return setTimeout(() => void look(), everyMs).unref();
  }

  async function look(): Promise<void> {
    const marks = `${await toMark(paths.cert)} ${await toMark(paths.key)}`;
    if (timer === undefined) return;
    if (marks !== served && marks === seen) {
      if (take()) served = marks;
    }
    seen = marks;
    timer = schedule();
  }

  /** Says whether the pair that stands in the files is served now. */
  function take(): boolean {
    const pair = readTlsPair(paths, now());
    if (!pair.ok) {
      const error = toError(pair, paths);
      if (error.message !== complaint) log.error({ component: 'tls', code: error.code, err: error }, 'new certificate not taken');
      complaint = error.message;
      return false;
    }
    complaint = '';
    if (pair.cert.equals(current.cert) && pair.key.equals(current.key)) return true;
    current = pair;
    for (const server of servers) server.setSecureContext(toContext(pair));
    log.info({ component: 'tls' }, 'new certificate taken');
    return true;
  }
}

function toContext({ cert, key }: Extract<TlsPair, { readonly ok: true }>): SecureContextOptions {
  return { cert, key, minVersion: TLS_FLOOR };
}

function toError({ file, expected, got, fix }: Extract<TlsPair, { readonly ok: false }>, paths: TlsPaths): HooklineError {
  return new HooklineError('settings.wrong', { expected, got, fix, where: paths[file] });
}

/** What changes whenever a file does; why it cannot be looked at, where it cannot. */
async function toMark(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return `${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
  }
}
