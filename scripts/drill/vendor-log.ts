import { open, readFile } from 'node:fs/promises';
import type { VendorEntry } from './facts.ts';

/** What vendors have been asked to do, on disk. */
export interface VendorLog {
  /** Resolves when the entry is on disk with the time of the call, in the order of the calls. */
  add(entry: Omit<VendorEntry, 'atMs'>): Promise<void>;
  /** What is on disk. */
  read(): Promise<readonly VendorEntry[]>;
  close(): Promise<void>;
}

/** Opens a file of JSON lines; entries that arrive while others are written share the next fsync. */
export async function openVendorLog(path: string): Promise<VendorLog> {
  const file = await open(path, 'a', 0o600);
  let waiting: string[] = [];
  let writing: Promise<void> = Promise.resolve();

  const flush = async (): Promise<void> => {
    const lines = waiting;
    waiting = [];
    if (lines.length === 0) return; // the entry went out with those before it
    await file.appendFile(lines.join(''));
    await file.datasync();
  };
  return {
    add(entry) {
      waiting.push(`${JSON.stringify({ ...entry, atMs: Date.now() } satisfies VendorEntry)}\n`);
      writing = writing.then(flush);
      return writing;
    },
    async read() {
      const text = await readFile(path, 'utf8');
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as VendorEntry); // lines of `add`
    },
    async close() {
      await writing;
      await file.close();
    },
  };
}
