import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addThing } from '../../scripts/new/add-thing.ts';
import { readCommand } from '../../scripts/new/read-command.ts';
import { registerCases } from '../../scripts/new/register-cases.ts';
import type { ThingKind } from '../../scripts/new/thing-name.ts';
import { toThingName } from '../../scripts/new/thing-name.ts';
import { ROOT } from './copy-of-sources.ts';

const expectedOf = (kind: ThingKind, text: string): string | undefined => {
  const checked = toThingName(kind, text);
  return checked.ok ? undefined : checked.expected;
};

describe('toThingName', () => {
  it('spells a name as code wants it', () => {
    const name = {
      file: 'parcel-sent-2',
      type: 'parcel.sent.2',
      entity: 'parcel',
      camel: 'parcelSent2',
      pascal: 'ParcelSent2',
      snake: 'parcel_sent_2',
      header: 'Parcel-Sent-2',
      title: 'Parcel sent 2',
    };
    expect(toThingName('chain', 'parcel-sent-2')).toEqual({ ok: true, name });
    expect(toThingName('event', 'parcel.sent.2')).toEqual({ ok: true, name });
    expect(toThingName('event', 'parcel-sent-2')).toEqual({ ok: true, name });
  });

  const letters = 'lower-case letters and digits, a letter first, single hyphens between';
  it.each<[ThingKind, string, string]>([
    ['chain', '', `a name such as \`parcel-sent\`: ${letters}`],
    ['chain', 'Parcel', `a name such as \`parcel-sent\`: ${letters}`],
    ['chain', 'parcel_sent', `a name such as \`parcel-sent\`: ${letters}`],
    ['chain', 'parcel.sent', `a name such as \`parcel-sent\`: ${letters}`],
    ['chain', 'parcel--sent', `a name such as \`parcel-sent\`: ${letters}`],
    ['chain', '-parcel', `a name such as \`parcel-sent\`: ${letters}`],
    ['chain', '7-parcels', `a name such as \`parcel-sent\`: ${letters}`],
    ['chain', '../parcel', `a name such as \`parcel-sent\`: ${letters}`],
    ['chain', 'parcel\n', `a name such as \`parcel-sent\`: ${letters}`],
    ['event', 'Parcel.sent', `a name such as \`parcel.sent\`: ${letters}`],
    ['event', '.parcel', `a name such as \`parcel.sent\`: ${letters}`],
    ['event', 'parcel', 'what it is and what has happened to it: `parcel.sent`'],
    ['agent', 'define-agent', 'a name that does not begin with `define-`: such files are helpers'],
    ['provider', `p${'x'.repeat(64)}`, 'at most 64 characters'],
    ['provider', 'constructor', 'a name that no JavaScript object has already'],
    ['agent', 'prototype', 'a name that no JavaScript object has already'],
    ['agent', '__proto__', 'a name that no JavaScript object has already'],
    ['agent', 'hasOwnProperty', 'a name that no JavaScript object has already'],
    ['agent', 'has-own-property', 'a name that no JavaScript object has already'],
    ['event', 'to.string', 'a name that no JavaScript object has already'],
  ])('refuses the %s %j', (kind, text, expected) => {
    expect(expectedOf(kind, text)).toBe(expected);
  });

  it('takes a name of 64 characters', () => {
    expect(expectedOf('agent', 'x'.repeat(64))).toBeUndefined();
  });
});

describe('addThing', () => {
  it.each<[ThingKind, string, readonly string[]]>([
    ['provider', 'never-made', ['src/providers/never-made.ts', 'test/providers/never-made.test.ts']],
    ['event', 'never.made', ['src/events/never-made.ts', 'test/events/never-made.test.ts']],
    ['agent', 'never-made', ['src/activities/agents/never-made.ts', 'test/activities/agents/never-made.test.ts']],
    [
      'chain',
      'never-made',
      ['src/workflows/chains/never-made.ts', 'test/workflows/chains/never-made.test.ts', 'scripts/record/cases/never-made.ts'],
    ],
  ])('says in a dry run what it would write for the %s %s, and writes nothing', async (kind, name, files) => {
    expect(await addThing({ root: ROOT, kind, name, dryRun: true })).toMatchObject({ ok: true, files });
    for (const file of files) expect(existsSync(join(ROOT, file)), `file ${file}`).toBe(false);
  });

  it.each<[ThingKind, string, string]>([
    ['provider', 'shopify', 'src/providers/shopify.ts'],
    ['event', 'order.created', 'src/events/order-created.ts'],
    ['agent', 'email', 'src/activities/agents/email.ts'],
    ['chain', 'new-order', 'src/workflows/chains/new-order.ts'],
  ])('refuses a second %s %s', async (kind, name, file) => {
    expect(await addThing({ root: ROOT, kind, name, dryRun: true })).toEqual({
      ok: false,
      problem: `there is ${file} already`,
      fix: 'choose another name, or edit that file',
    });
  });
});

describe('registerCases', () => {
  const text = `import { aCases } from './cases/a.ts';
import type { RecordedCase } from './cases/recorded-case.ts';

/** Cases. */
export const cases: Readonly<Record<string, readonly RecordedCase[]>> = {
  a: aCases,
};
`;

  it('adds a line to the imports and one to the list', () => {
    expect(registerCases(text, { file: 'b-c', camel: 'bC' })).toBe(`import { aCases } from './cases/a.ts';
import { bCCases } from './cases/b-c.ts';
import type { RecordedCase } from './cases/recorded-case.ts';

/** Cases. */
export const cases: Readonly<Record<string, readonly RecordedCase[]>> = {
  a: aCases,
  'b-c': bCCases,
};
`);
  });

  it('gives up on a file that it does not know', () => {
    expect(registerCases('export const cases = new Map();\n', { file: 'b', camel: 'b' })).toBeUndefined();
  });
});

describe('readCommand', () => {
  it.each([
    [[]],
    [['event']],
    [['chains', 'parcel-sent']],
    [['constructor', 'parcel-sent']],
    [['chain', 'a', 'b']],
    [['chain', 'a', '--force']],
  ])('does not understand %j', (args) => {
    expect(readCommand(args, {})).toBeUndefined();
  });

  it.each<[string, readonly string[], Readonly<Record<string, string>>, boolean]>([
    ['without options', ['event', 'parcel.sent'], {}, false],
    ['with its own option', ['--dry-run', 'event', 'parcel.sent'], {}, true],
    ['where npm has taken the option for its own', ['event', 'parcel.sent'], { npm_config_dry_run: 'true' }, true],
  ])('reads kind, name and dry run %s', (_case, args, env, dryRun) => {
    expect(readCommand(args, env)).toEqual({ kind: 'event', name: 'parcel.sent', dryRun });
  });
});
