import { describe, expect, test } from 'vitest';
import { DRILLS } from '../../../scripts/drill/drills.ts';
import { DRILL_PLANS, toDrillPlan } from '../../../src/cli/drill/drill-plans.ts';

const names = DRILL_PLANS.map(({ name }) => name);

describe('a drill against a running installation', () => {
  test.each(names)('`%s` is there, and has the name of a drill of the checkout', (name) => {
    expect(toDrillPlan(name).name).toBe(name);
    expect(DRILLS.map((one) => one.name)).toContain(name);
  });

  test.each(DRILLS.map(({ name }) => name).filter((name) => !names.includes(name)))('is not `%s`, whose own command is told', (name) => {
    expect(() => toDrillPlan(name)).toThrow(
      expect.objectContaining({
        code: 'cli.usage',
        message: expect.stringContaining('a drill that breaks nothing: `quiet`, `duplicate-storm`, `reorder`, `burst`') as string,
        fix: expect.stringContaining(`needs a stack of its own, and starts one: \`npm run drill -- ${name}\` in a checkout`) as string,
      }) as Error,
    );
  });

  test('is told where its name is misspelt; what is no name at all is not put into a command', () => {
    expect(() => toDrillPlan('burts')).toThrow(
      expect.objectContaining({ fix: expect.stringMatching(/^did you mean `burst`\?/) as string }) as Error,
    );
    expect(() => toDrillPlan('$(rm)')).toThrow(expect.objectContaining({ fix: expect.stringContaining('-- <name>`') as string }) as Error);
  });
});
