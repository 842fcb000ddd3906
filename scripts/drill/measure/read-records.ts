import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** Where lines of runs are kept, beside those of other kinds: drills in `drill*.jsonl`. */
export const RECORDS_FOLDER = 'docs/reliability';

const count = z.number().int().nonnegative();
const spread = z.object({ count, p50: z.number(), p99: z.number(), max: z.number() });
const counts = z.record(z.string(), count);

/** A kept run, as far as it is told of: more may stand in its line. */
const keptRecord = z.object({
  drill: z.string().min(1),
  seed: z.number().int(),
  minutes: z.number().positive(),
  ratePerS: z.number().positive().optional(),
  everyMs: z.number().positive().optional(),
  events: z.number().positive().optional(),
  date: z.iso.datetime(),
  commit: z
    .string()
    .regex(/^[0-9a-f]{7,40}\+?$/)
    .nullable(),
  node: z.string().regex(/^\d+\.\d+\.\d+$/),
  cores: z.number().int().positive(),
  loadAverage: z.object({ before: z.number(), after: z.number() }),
  ok: z.boolean(),
  counts: z.object({
    faults: count,
    sent: count,
    acknowledged: count,
    tries: count,
    duplicates: count,
    runs: counts,
    effects: counts,
    repeats: count,
  }),
  ackMs: spread,
  ackMsWithoutTemporal: spread,
  kills: counts,
  recovery: z.array(z.object({ kind: z.string(), ms: spread, ownMs: spread, stillMs: spread })),
  stops: z.record(z.string(), spread),
  resets: count,
  drain: z
    .object({
      waited: count,
      started: count,
      startedInMs: count,
      done: count,
      doneInMs: count,
      longestGapMs: count,
      mostOvertaken: count,
      poisoned: z.array(z.string()),
      failing: z.array(z.string()),
    })
    .nullable(),
  growth: z.array(z.object({ process: z.string(), mbPerMinute: z.number(), fds: z.object({ early: count, late: count }) })),
  violationCount: count,
  unknownMails: z.array(z.object({ eventId: z.string(), action: z.string(), taken: count })),
  faults: counts,
});

/** A kept run of a drill. */
export type KeptRecord = z.infer<typeof keptRecord>;

/** One kept line, and where it stands: `drills.jsonl:3`. */
export interface KeptLine {
  readonly where: string;
  readonly text: string;
}

/** Every line that is kept in files whose name passes, in their order. */
export async function readKeptLines(root: string, isWanted: (file: string) => boolean = () => true): Promise<readonly KeptLine[]> {
  const folder = join(root, RECORDS_FOLDER);
  const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.jsonl') && isWanted(file)).toSorted();
  const texts = await Promise.all(files.map(async (file) => ({ file, text: await readFile(join(folder, file), 'utf8') })));
  return texts.flatMap(({ file, text }) =>
    text
      .split('\n')
      .map((line, index) => ({ where: `${file}:${index + 1}`, text: line }))
      .filter((line) => line.text !== ''),
  );
}

/** Every kept run of a drill. Throws, and says which line, where one is not as `npm run drill -- --out` writes it. */
export async function readRecords(root: string): Promise<readonly KeptRecord[]> {
  return (await readKeptLines(root, (file) => file.startsWith('drill'))).map(toKeptRecord);
}

/** The run of one line. */
function toKeptRecord({ where, text }: KeptLine): KeptRecord {
  try {
    return keptRecord.parse(JSON.parse(text));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : 'not JSON';
    throw new Error(`${RECORDS_FOLDER}/${where} is no line of a drill: ${reason}`, { cause: error });
  }
}
