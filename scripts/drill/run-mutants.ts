import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MUTANTS } from './mutants.ts';
import { makePatchedCopy } from './patched-copy.ts';
import { runDrill, type RunOptions } from './run-drill.ts';

/** What became of one mutant. */
export interface MutantVerdict {
  readonly mutant: string;
  readonly drill: string;
  /** Whether the checker has failed it by the rule that stands against it. */
  readonly caught: boolean;
  readonly rules: readonly string[];
}

/** Options of `runMutants`. */
export interface RunMutantsOptions extends Omit<RunOptions, 'plan' | 'root'> {
  readonly onVerdict: (verdict: MutantVerdict) => void;
}

/** Runs each mutant in the drill that must notice it; true when the checker has failed every one. */
export async function runMutants({ onVerdict, folder, ...options }: RunMutantsOptions): Promise<boolean> {
  let all = true;
  for (const { name, patch, plan, rule } of MUTANTS) {
    const place = join(folder, name);
    const root = join(place, 'copy');
    await mkdir(place);
    await makePatchedCopy(root, patch);
    const onProgress = (line: string): void => options.onProgress(`mutant ${name}: ${line}`);
    const { verdict } = await runDrill({ ...options, plan, root, folder: place, onProgress });
    const rules = [...new Set(verdict.violations.map((violation) => violation.rule))].sort();
    const caught = rules.includes(rule);
    all &&= caught;
    onVerdict({ mutant: name, drill: plan.name, caught, rules });
  }
  return all;
}
