import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkFacts } from '../../../../scripts/drill/check-facts.ts';
import { DRILLS } from '../../../../scripts/drill/drills.ts';
import { keepRecord } from '../../../../scripts/drill/measure/keep-record.ts';
import { readKeptLines, readRecords, RECORDS_FOLDER } from '../../../../scripts/drill/measure/read-records.ts';
import { readRegressions } from '../../../../scripts/drill/measure/regressions.ts';
import { toRecord, type RecordHead } from '../../../../scripts/drill/measure/to-record.ts';
import { ROOT } from '../../../../scripts/drill/patched-copy.ts';
import { DRILL_MARKS, withDrillResults } from '../../../../scripts/generate/drill-results.ts';
import { FACTS_WITH_UNKNOWN_MAIL, GOOD_FACTS } from '../good-facts.ts';

const HEAD: RecordHead = {
  drill: 'worker-kill',
  seed: 7,
  minutes: 10,
  everyMs: 2_000,
  date: '2026-03-01T10:00:00.000Z',
  commit: 'abc1234+',
  node: '24.21.0',
  cores: 2,
  loadAverage: { before: 0.5, after: 2 },
};
const NAMES = DRILLS.map(({ name }) => name);

let root: string;
let file: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'hookline-records-'));
  await mkdir(join(root, RECORDS_FOLDER), { recursive: true });
  file = join(root, RECORDS_FOLDER, 'drills.jsonl');
});
afterEach(() => rm(root, { recursive: true }));

describe('a record of a drill', () => {
  const record = toRecord(HEAD, {
    verdict: checkFacts(FACTS_WITH_UNKNOWN_MAIL),
    facts: {
      ...FACTS_WITH_UNKNOWN_MAIL,
      faults: ['worker-1 was killed', 'worker-2 was killed', '120 events came at once'].map((what) => ({ what, atS: 1 })),
    },
  });

  it('counts what was broken, whichever it was', () => {
    expect(record.faults).toEqual({ 'worker was killed': 2, 'n events came at once': 1 });
  });

  it('lists unknown mails one by one, and explains no run a second time', () => {
    expect(record.unknownMails).toHaveLength(1);
    expect(record.explained).toEqual([]);
  });

  it('is read as it was kept, among others', async () => {
    await keepRecord(file, record);
    await keepRecord(file, { ...record, seed: 8 });
    expect((await readRecords(root)).map(({ drill, seed, everyMs }) => ({ drill, seed, everyMs }))).toEqual([
      { drill: 'worker-kill', seed: 7, everyMs: 2_000 },
      { drill: 'worker-kill', seed: 8, everyMs: 2_000 },
    ]);
  });

  it.each([
    ['without its load', { ...record, loadAverage: undefined }, /drills\.jsonl:1 is no line of a drill: [^]*loadAverage/],
    ['with a number that is none', { ...record, kills: { worker: null } }, /drills\.jsonl:1 is no line of a drill: [^]*kills/],
  ])('is refused %s', async (_how, broken, complaint) => {
    await keepRecord(file, broken);
    await expect(readRecords(root)).rejects.toThrow(complaint);
  });

  it('is refused where it is cut off', async () => {
    await writeFile(file, JSON.stringify(record).slice(0, 50));
    await expect(readRecords(root)).rejects.toThrow('drills.jsonl:1 is no line of a drill: not JSON');
  });

  it('is a row of the page, with the command that repeats it and all that was measured', async () => {
    await keepRecord(file, toRecord(HEAD, { verdict: checkFacts(GOOD_FACTS), facts: GOOD_FACTS }));
    const page = await withDrillResults(root, `above\n${DRILL_MARKS.open}\nold\n${DRILL_MARKS.close}\nbelow`);
    expect(page).toBe(`above
${DRILL_MARKS.open}

| run | faults | acknowledged | posts | effects seen | again, same key | unknown mails | ack p99 | measured besides | verdict |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
| \`worker-kill --seed 7 --minutes 10 --every 2000\`<br>2026-03-01, abc1234+, 2 cores, load 0.5 to 2 | 1 | 3 of 3 | 6 | 6 | 1 | 0 | 9 ms | \
1 kills of temporal<br>1 kills of worker<br>\
effects after temporal kill: p50 5.5 s, max 5.5 s, of it not by the drill 4.5 s<br>\
effects after worker kill: p50 4.8 s, max 4.8 s, of it not by the drill 4.5 s<br>\
effects after ingress stop: p50 3.5 s, max 3.5 s, of it not by the drill 3.0 s<br>\
ack with Temporal dead: p99 5 ms of 1<br>SIGTERM of ingress: 1 times, gone after at most 0.1 s<br>0 resets<br>\
memory: at most ${page.split('at most ').at(-1)?.split(' MB')[0]} MB a minute (worker-1) | holds |

${DRILL_MARKS.close}
below`);
  });

  it('leaves a page without a place for it alone', async () => {
    expect(await withDrillResults(root, 'a page')).toBe('a page');
  });
});

describe('what is kept in the repository', () => {
  it('is lines of JSON, those of drills as they are written today', async () => {
    for (const { text } of await readKeptLines(ROOT)) expect(JSON.parse(text)).toBeTypeOf('object');
    expect((await readRecords(ROOT)).filter(({ drill }) => !NAMES.includes(drill))).toEqual([]);
  });

  it('names only drills that there are among the seeds that have once failed', async () => {
    expect((await readRegressions(ROOT)).filter(({ drill }) => !NAMES.includes(drill))).toEqual([]);
  });
});

describe('seeds that have once failed', () => {
  const keep = (list: unknown): Promise<void> => writeFile(join(root, RECORDS_FOLDER, 'regressions.json'), JSON.stringify(list));
  const one = { drill: 'all', seed: 11, minutes: 5, found: 'an order was confirmed twice', fixed: null };

  it('say what was found, and what has mended it', async () => {
    await keep([one]);
    expect(await readRegressions(root)).toEqual([one]);
  });

  it.each([
    ['seed', { ...one, seed: undefined }],
    ['found', { ...one, found: '' }],
  ])('are refused without `%s`', async (field, broken) => {
    await keep([broken]);
    await expect(readRegressions(root)).rejects.toThrow(`"${field}"`);
  });
});
