import { readFileSync } from 'node:fs';

/** How many files this process may have open, connections included: the soft limit, which is the one that opening runs into. Null where the system does not tell, or sets none. */
export function readMaxFiles(): number | null {
  try {
    const [, soft = ''] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return soft === '' ? null : Number(soft);
  } catch {
    return null; // another system than Linux
  }
}
