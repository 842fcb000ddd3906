import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../../../src/runtime/child.ts';
import { CannotDrill } from './cannot-drill.ts';

/** A disk of its own for one folder, which can be filled up. */
export interface SmallDisk {
  /** Leaves not a byte free. */
  fill(): Promise<void>;
  /** Takes away what `fill` has put there. */
  free(): Promise<void>;
  /** Takes the disk away, with what is on it. */
  close(): Promise<void>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** A new cluster takes 60 MB, and its log 16 MB a segment; what is free is memory that the ballast takes. */
const SIZE_MB = 384;
const MOUNT_MS = 10_000;
/** From large to small: the last ones fill what the first ones leave. */
const CHUNKS = [4 * 1024 ** 2, 64 * 1024, 4 * 1024] as const;

/**
 * Mounts a tmpfs over a folder, which is made where it is missing. Needs root on Linux; throws `CannotDrill` where mounting is not
 * allowed. A drill that is killed leaves the mount behind: `umount` takes it away.
 */
export async function mountSmallDisk(folder: string, env: Environment = process.env): Promise<SmallDisk> {
  await mkdir(folder, { recursive: true });
  const run = (command: string, args: readonly string[]) => runCommand({ command, args, env, timeoutMs: MOUNT_MS });
  const mounted = await run('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_MB}m,mode=0700`, 'hookline-drill', folder]);
  if (!mounted.ok)
    throw new CannotDrill(`this drill fills a disk of its own, and may not mount one (${mounted.reason}): run it as root, on Linux`);
  const ballast = join(folder, 'ballast');
  return {
    async fill() {
      const file = await open(ballast, 'a');
      try {
        for (const bytes of CHUNKS) await writeUntilFull(file, bytes);
      } finally {
        await file.close();
      }
    },
    free: () => rm(ballast, { force: true }),
    async close() {
      const gone = await run('umount', [folder]);
      // somebody who is about to end may still have a file open: then it goes with the last of them
      if (!gone.ok) await run('umount', ['--lazy', folder]);
    },
  };
}

async function writeUntilFull(file: FileHandle, bytes: number): Promise<void> {
  const chunk = Buffer.alloc(bytes);
  try {
    for (;;) await file.appendFile(chunk);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  }
}
