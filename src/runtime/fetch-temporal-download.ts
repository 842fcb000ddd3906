import { createWriteStream } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { EnvHttpProxyAgent, fetch, type Response } from 'undici';

import { runCommand } from './child.ts';
import type { FetchContext, Fetched } from './fetch-temporal-way.ts';
import { withProgress } from './progress.ts';

/** Temporal's own download service, the one from which its SDKs get the development server. */
export const OFFICIAL_DOWNLOAD = 'https://temporal.download';

/** A machine without internet must go on to the next way soon. */
const CONNECT_TIMEOUT_MS = 5_000;
const STALL_MS = 30_000;
const EXTRACT_TIMEOUT_MS = 120_000;

/**
 * Downloads the CLI as the SDKs do: `GET <base>/cli/v<version>?arch&platform&format` tells `archiveUrl` and
 * `fileToExtract`. The service publishes no digests, so what vouches for the archive is HTTPS alone; an archive over HTTP
 * is refused, unless the base itself is HTTP. A connection gets 5 s, a silence 30 s.
 */
export async function fetchTemporalDownload(
  context: FetchContext & { readonly version: string; readonly baseUrl: string },
): Promise<Fetched> {
  const { env } = context;
  const agent = new EnvHttpProxyAgent({
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: STALL_MS,
    bodyTimeout: STALL_MS,
    httpProxy: env['http_proxy'] ?? env['HTTP_PROXY'] ?? '',
    httpsProxy: env['https_proxy'] ?? env['HTTPS_PROXY'] ?? '',
    noProxy: env['no_proxy'] ?? env['NO_PROXY'] ?? '',
  });
  try {
    return await download(context, agent);
  } catch (error) {
    return { ok: false, reason: `${new URL(context.baseUrl).host} ${causeOf(error)}` };
  } finally {
    await agent.destroy();
  }
}

async function download(
  context: FetchContext & { readonly version: string; readonly baseUrl: string },
  agent: EnvHttpProxyAgent,
): Promise<Fetched> {
  const query = toQuery(context.platform, context.arch);
  if (query === null) return { ok: false, reason: `there is none for ${context.platform} ${context.arch}` };
  const get = async (url: URL): Promise<Response> => {
    const response = await fetch(url, { dispatcher: agent, ...(context.signal === undefined ? {} : { signal: context.signal }) });
    if (!response.ok) throw new Error(`answered ${response.status}`);
    return response;
  };

  const described = await get(new URL(`/cli/v${context.version}?${query.toString()}`, context.baseUrl));
  const info = toInfo(await described.json(), context.baseUrl);
  if (info === null) return { ok: false, reason: `${new URL(context.baseUrl).host} answered in a form that we do not know` };

  const archive = join(context.dir, 'temporal.tar.gz');
  let bytes = 0;
  await withProgress({
    what: 'downloading the Temporal CLI',
    progress: context.progress,
    bytes: () => bytes,
    run: async () => {
      const { body } = await get(info.archiveUrl);
      if (body === null) throw new Error('sent no body');
      const source = Readable.fromWeb(body);
      source.on('data', (chunk: Uint8Array) => (bytes += chunk.byteLength));
      await pipeline(source, createWriteStream(archive));
    },
  });
  return extract({ archive, file: info.fileToExtract, context });
}

async function extract({
  archive,
  file,
  context,
}: {
  readonly archive: string;
  readonly file: string;
  readonly context: FetchContext;
}): Promise<Fetched> {
  const unpacked = await runCommand({
    command: 'tar',
    args: ['-xzf', archive, '-C', context.dir, '--', file],
    env: context.env,
    timeoutMs: EXTRACT_TIMEOUT_MS,
    signal: context.signal,
  });
  if (!unpacked.ok) return { ok: false, reason: unpacked.reason };
  const path = join(context.dir, file);
  await chmod(path, 0o755);
  return { ok: true, path };
}

function toQuery(platform: string, arch: string): URLSearchParams | null {
  const named = { x64: 'amd64', arm64: 'arm64' }[arch];
  if (named === undefined || (platform !== 'linux' && platform !== 'darwin')) return null;
  return new URLSearchParams({ arch: named, platform, format: 'tar.gz' });
}

/** Null for anything else than an address that we would download from and a plain file name. */
function toInfo(answer: unknown, baseUrl: string): { readonly archiveUrl: URL; readonly fileToExtract: string } | null {
  if (typeof answer !== 'object' || answer === null || !('archiveUrl' in answer) || !('fileToExtract' in answer)) return null;
  const { archiveUrl, fileToExtract } = answer;
  if (typeof archiveUrl !== 'string' || typeof fileToExtract !== 'string') return null;
  if (!URL.canParse(archiveUrl) || !/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(fileToExtract)) return null;
  const url = new URL(archiveUrl);
  const trusted = url.protocol === 'https:' || (url.protocol === 'http:' && baseUrl.startsWith('http:'));
  return trusted ? { archiveUrl: url, fileToExtract } : null;
}

/** `fetch` says only "fetch failed"; the cause beneath it is what helps. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error) return `could not be reached (${'code' in cause ? String(cause.code) : cause.message})`;
  return error.message;
}
