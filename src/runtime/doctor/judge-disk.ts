import { bad, good, type Finding } from './finding.ts';

const GIB = 1024 ** 3;
const LITTLE = 5 * GIB;
const TOO_LITTLE = 0.5 * GIB;

/** Whether there is room where the data folder is; null where this machine has none, since its servers are elsewhere. */
export function judgeDisk(freeBytes: number | null): Finding {
  const check = 'disk';
  if (freeBytes === null) return bad('info', { check, found: 'no data folder here: the servers keep their own', fix: null });
  const found = `${(freeBytes / GIB).toFixed(1)} GiB free for the data folder`;
  if (freeBytes >= LITTLE) return good(check, found);
  return bad(freeBytes < TOO_LITTLE ? 'fail' : 'warn', { check, found, fix: 'make room, or give `data` a folder on a larger disk' });
}
