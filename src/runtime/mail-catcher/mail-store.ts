import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { readMail, toSummary, type CaughtMail, type MailSource, type MailSummary } from './mail.ts';

/** The mails in a folder. */
export interface MailStore {
  /** Resolves when the mail is on disk: file and folder are synced. */
  add(mail: Pick<MailSource, 'envelope' | 'raw'>): Promise<MailSummary>;
  /** Newest first. */
  list(): readonly MailSummary[];
  /** Null where there is none with this id. */
  read(id: string): Promise<CaughtMail | null>;
  /** As it came over SMTP; null where there is none with this id. */
  raw(id: string): Promise<Uint8Array | null>;
  /** Deletes all of them. */
  clear(): Promise<void>;
}

const SUFFIX = '.eml';
/** Ends the lines that we put above a mail, as a delivery agent does: Return-Path, Delivered-To, X-Received-At. */
const OURS = /^(?:Return-Path|Delivered-To|X-Received-At): /;

/** Opens a folder of mails, made when missing, with the mails that are in it. Files are `<time>-<number>.eml`, so that they sort by receipt. */
export async function openMailStore({ dir, now }: { readonly dir: string; readonly now: () => Date }): Promise<MailStore> {
  await mkdir(dir, { recursive: true });
  const summaries = new Map<string, MailSummary>();
  for (const name of (await readdir(dir)).sort()) {
    if (name.endsWith('.tmp')) await rm(join(dir, name), { force: true }); // never acknowledged
    if (!name.endsWith(SUFFIX)) continue;
    const source = await load(dir, name.slice(0, -SUFFIX.length));
    summaries.set(source.id, toSummary(await readMail(source)));
  }
  let count = 0;
  const nextId = (receivedAt: string): string => {
    for (;;) {
      const id = `${receivedAt.replace(/[-:.]/g, '')}-${String(++count).padStart(6, '0')}`;
      if (!summaries.has(id)) return id;
    }
  };

  return {
    async add({ envelope, raw }) {
      const receivedAt = now().toISOString();
      const source = { id: nextId(receivedAt), receivedAt, envelope, raw };
      await save(dir, source);
      const summary = toSummary(await readMail(source));
      summaries.set(source.id, summary);
      return summary;
    },
    list: () => [...summaries.values()].sort((a, b) => (a.id < b.id ? 1 : -1)),
    read: async (id) => (summaries.has(id) ? readMail(await load(dir, id)) : null),
    raw: async (id) => (summaries.has(id) ? (await load(dir, id)).raw : null),
    async clear() {
      const ids = [...summaries.keys()];
      summaries.clear();
      for (const id of ids) await rm(join(dir, id + SUFFIX), { force: true });
    },
  };
}

async function save(dir: string, { id, receivedAt, envelope, raw }: MailSource): Promise<void> {
  const lines = [`Return-Path: <${envelope.from}>`, ...envelope.to.map((to) => `Delivered-To: ${to}`), `X-Received-At: ${receivedAt}`];
  const draft = join(dir, `${id}.tmp`);
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(Buffer.concat([Buffer.from(lines.map((line) => `${line}\r\n`).join('')), raw]));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, join(dir, id + SUFFIX));
  await syncFolder(dir);
}

/** Without this a power cut could forget the file's name. */
async function syncFolder(dir: string): Promise<void> {
  const folder = await open(dir, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** A file that was put there by hand has none of our lines: all of it is the mail. */
async function load(dir: string, id: string): Promise<MailSource> {
  const file = await readFile(join(dir, id + SUFFIX));
  let start = 0;
  let from = '';
  let receivedAt: string | undefined;
  const to: string[] = [];
  while (receivedAt === undefined) {
    const end = file.indexOf('\r\n', start);
    const line = end === -1 ? '' : file.toString('utf8', start, end);
    if (!OURS.test(line)) return { id, receivedAt: new Date(0).toISOString(), envelope: { from: '', to: [] }, raw: file };
    const value = line.slice(line.indexOf(': ') + 2);
    if (line.startsWith('R')) from = value.slice(1, -1);
    else if (line.startsWith('D')) to.push(value);
    else receivedAt = value;
    start = end + 2;
  }
  return { id, receivedAt, envelope: { from, to }, raw: file.subarray(start) };
}
