import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { RECORDS_FOLDER } from './read-records.ts';

const regression = z.strictObject({
  /** A drill's name. */
  drill: z.string().min(1),
  seed: z.number().int().nonnegative(),
  minutes: z.number().positive(),
  /** What it has found, in a sentence. */
  found: z.string().min(10),
  /** What has mended it: a test that was red, or a commit; null while it is open. */
  fixed: z.string().min(7).nullable(),
});

/** A seed with which a drill has once failed. It is kept for ever, and run again before each release. */
export type Regression = z.infer<typeof regression>;

/** Every seed that is kept in `docs/reliability/regressions.json`. Throws where the file is not as it must be. */
export async function readRegressions(root: string): Promise<readonly Regression[]> {
  return z.array(regression).parse(JSON.parse(await readFile(join(root, RECORDS_FOLDER, 'regressions.json'), 'utf8')));
}
