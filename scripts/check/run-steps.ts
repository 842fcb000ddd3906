import { spawn } from 'node:child_process';

/** One command of a check. */
export interface Step {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Steps that must have ended well before: others cannot say anything useful. */
  readonly after?: readonly string[];
}

/** What has become of a step. */
export interface StepResult {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'notRun';
  readonly durationMs: number;
  /** Both streams, in order of arrival. */
  readonly output: string;
}

/** How the steps are run. */
export interface StepsOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How many steps run at a time. */
  readonly width: number;
  readonly now: () => number;
  /** Called as each step ends, in order of ending. */
  readonly onResult: (result: StepResult) => void;
}

/** Runs every step, several at a time, each after those that it names; a step behind a failed one is not run. */
export async function runSteps(steps: readonly Step[], options: StepsOptions): Promise<readonly StepResult[]> {
  const results = new Map<string, StepResult>();
  const waiting = [...steps];
  const running = new Map<string, Promise<StepResult>>();
  const settle = (result: StepResult): void => {
    results.set(result.name, result);
    options.onResult(result);
  };

  while (waiting.length > 0 || running.size > 0) {
    for (const step of waiting.slice()) {
      const before = (step.after ?? []).map((name) => results.get(name)?.outcome);
      const blocked = before.some((outcome) => outcome === 'failed' || outcome === 'notRun');
      const ready = !blocked && before.every((outcome) => outcome === 'passed') && running.size < options.width;
      if (blocked || ready) waiting.splice(waiting.indexOf(step), 1);
      if (blocked) settle({ name: step.name, outcome: 'notRun', durationMs: 0, output: '' });
      if (ready) running.set(step.name, runStep(step, options));
    }
    if (running.size === 0) {
      if (waiting.every(({ after = [] }) => !after.every((name) => results.has(name)))) break; // steps that wait for none of the list
      continue;
    }
    const result = await Promise.race(running.values());
    running.delete(result.name);
    settle(result);
  }
  for (const { name } of waiting) settle({ name, outcome: 'notRun', durationMs: 0, output: 'waits for a step that is not there\n' });
  return steps.flatMap(({ name }) => results.get(name) ?? []);
}

async function runStep({ name, command, args }: Step, { cwd, env, now }: StepsOptions): Promise<StepResult> {
  const started = now();
  const chunks: string[] = [];
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  const code = await new Promise<number>((resolve) => {
    child.once('error', (error) => {
      chunks.push(`${error.message}\n`);
      resolve(127);
    });
    child.once('close', (status) => resolve(status ?? 128));
  });
  return { name, outcome: code === 0 ? 'passed' : 'failed', durationMs: now() - started, output: chunks.join('') };
}
