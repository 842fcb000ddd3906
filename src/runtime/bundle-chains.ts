import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type WorkflowBundle } from '@temporalio/worker';
import type { Log } from '../contracts/names.ts';
import { toBundleStamp } from './bundle-stamp.ts';
import { toWorkerLogger } from './worker-logger.ts';

const ENTRY = fileURLToPath(new URL('../workflows/index.ts', import.meta.url));

/** Where `npm run build` leaves the bundle. */
const PREBUILT = fileURLToPath(new URL('../../dist/workflow-bundle.js', import.meta.url));

/** The first line of a prebuilt bundle. It is cut off again before use: the source map counts lines from the next one. */
const HEAD = /^\/\/ hookline workflow bundle ([0-9a-f]{64})\n/;

/**
 * Every chain, bundled for the sandbox, for as many workers as wanted: the prebuilt bundle where its stamp is that of these sources
 * and of this SDK, which takes some 20 ms, else one that is built now, which takes 1.5 to 4 s. The log says which.
 */
export async function bundleChains(log: Log, file: string = PREBUILT): Promise<WorkflowBundle> {
  const startedAt = performance.now();
  const [stamp, text] = await Promise.all([toBundleStamp(), readIfThere(file)]);
  const found = HEAD.exec(text);
  const isFit = found?.[1] === stamp;
  const bundle = found !== null && isFit ? { code: text.slice(found[0].length), sourceMap: '' } : await build(log);
  const duration = { duration_s: (performance.now() - startedAt) / 1000 };
  if (isFit) log.info({ component: 'worker', ...duration }, 'chains are taken from the build');
  else log.info({ component: 'worker', state: text === '' ? 'no build' : 'stale build', ...duration }, 'chains are bundled at start');
  return bundle;
}

/** Writes the bundle and its stamp for `bundleChains`: whole, or not at all. Resolves to the file and its size. */
export async function prebuildChains({
  log,
  file = PREBUILT,
}: {
  readonly log: Log;
  /** @default `dist/workflow-bundle.js` */
  readonly file?: string;
}): Promise<{ readonly file: string; readonly bytes: number }> {
  const stamp = await toBundleStamp();
  const { code } = await build(log);
  const text = `// hookline workflow bundle ${stamp}\n${code}`;
  const draft = `${file}.${process.pid}`;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(draft, text);
  await rename(draft, file);
  return { file, bytes: Buffer.byteLength(text) };
}

function build(log: Log): ReturnType<typeof bundleWorkflowCode> {
  return bundleWorkflowCode({ workflowsPath: ENTRY, logger: toWorkerLogger(log) });
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
