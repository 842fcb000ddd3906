import { execFile } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { lintRules } from '../../scripts/lint/lint-rules.ts';

const ROOT = join(import.meta.dirname, '../..');
const FIXTURES = 'test/lint-fixtures';

const expected = await expectedComplaints();
const complaints = await runOxlint();
const reported = reportedComplaints();

describe('lint rules', () => {
  test.each([...expected.keys()])('reports what is bad in %s, and nothing else', (file) => {
    expect(reported.get(file) ?? []).toEqual(expected.get(file));
  });

  test('every rule that is relied on is shown to fire', () => {
    const seen = new Set([...reported.values()].flat().map((complaint) => complaint.split(' ')[1]));
    expect(rulesReliedOn().filter((rule) => !seen.has(rule))).toEqual([]);
  });

  test('a refused import says where the code belongs', () => {
    const helps = complaints.filter(({ code }) => code === 'eslint(no-restricted-imports)').map(({ help }) => help);
    expect(helps).toContain('store comes before ingress: move what is shared to a room before both, or take it as a parameter.');
    expect(helps).toContain('SQL stands in src/store only: add a function there.');
    expect(helps.filter((help) => help === undefined || help === '')).toEqual([]);
  });
});

function rulesReliedOn(): readonly string[] {
  const sets = [lintRules.rules ?? {}, ...(lintRules.overrides ?? []).map(({ rules }) => rules ?? {})];
  const rules = sets.flatMap((set) => Object.entries(set)).filter(([, level]) => level !== 'off');
  return [...new Set(rules.map(([rule]) => rule))].sort();
}

/** File → its lines marked `// bad: <rule> …`, as `12 import/no-cycle`. */
async function expectedComplaints(): Promise<ReadonlyMap<string, readonly string[]>> {
  const files = (await readdir(join(ROOT, FIXTURES), { recursive: true })).filter((file) => file.endsWith('.mts')).sort();
  const entries = files.map(async (file): Promise<[string, readonly string[]]> => {
    const lines = (await readFile(join(ROOT, FIXTURES, file), 'utf8')).split('\n');
    const marks = lines.flatMap((line, index) =>
      (/\/\/ bad: (.*)$/.exec(line)?.[1] ?? '').split(' ').map((rule) => ({ rule, line: index + 1 })),
    );
    return [file, toLines(marks.filter(({ rule }) => rule !== ''))];
  });
  return new Map(await Promise.all(entries));
}

function reportedComplaints(): ReadonlyMap<string, readonly string[]> {
  const files = new Set(complaints.map(({ filename }) => filename));
  return new Map(
    [...files].map((file) => {
      const found = complaints.filter(({ filename }) => filename === file);
      return [
        file.slice(FIXTURES.length + 1),
        toLines(found.map(({ code, labels }) => ({ rule: toRule(code), line: labels[0]?.span.line ?? 0 }))),
      ];
    }),
  );
}

interface Complaint {
  readonly code: string;
  readonly help?: string;
  readonly filename: string;
  readonly labels: readonly { readonly span: { readonly line: number } }[];
}

async function runOxlint(): Promise<readonly Complaint[]> {
  const args = ['--type-aware', '-f', 'json', FIXTURES];
  const env = { ...process.env, HOOKLINE_LINT_FIXTURES: '1' };
  const run = promisify(execFile)(join(ROOT, 'node_modules/.bin/oxlint'), args, { cwd: ROOT, env, maxBuffer: 16 * 1024 ** 2 });
  const output = await run.then(
    ({ stdout }) => stdout,
    (error: { readonly stdout: string }) => error.stdout, // it exits with 1 where it complains
  );
  const report = JSON.parse(output) as { readonly diagnostics: readonly Complaint[] }; // oxlint's own form
  return report.diagnostics;
}

/** `eslint(max-lines)` is `max-lines` in the configuration, `import(no-cycle)` is `import/no-cycle`. */
function toRule(code: string): string {
  return code.replace(/^eslint\((.*)\)$/, '$1').replace(/^(.*)\((.*)\)$/, '$1/$2');
}

function toLines(marks: readonly { readonly rule: string; readonly line: number }[]): readonly string[] {
  return [...new Set(marks.map(({ rule, line }) => `${line} ${rule}`))].sort();
}
