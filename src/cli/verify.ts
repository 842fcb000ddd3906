import { InvalidArgumentError, type Command } from 'commander';
import { errorTable } from '../contracts/error-table.ts';
import { HooklineError } from '../contracts/errors.ts';
import { toSources } from '../contracts/settings.ts';
import type { Source } from '../contracts/webhook.ts';
import { toTime } from '../providers/_time.ts';
import { parseCount } from './counts.ts';
import { toFacts } from './facts.ts';
import { EXIT, type ExitCode } from './report.ts';
import { globalsOf } from './settings.ts';
import { createPaint, type Paint } from './table.ts';
import { tell } from './tell.ts';
import { judgeRequest, type Judgement } from './verify/judge-request.ts';
import { readAll } from './verify/read-all.ts';
import { runBatch } from './verify/run-batch.ts';
import { findWorkplace } from './workplace.ts';
import { world } from './world.ts';

interface VerifyOptions {
  readonly provider?: string;
  readonly source?: string;
  readonly secret: readonly string[];
  readonly header: readonly (readonly [name: string, value: string])[];
  readonly url?: string;
  readonly method?: string;
  readonly now?: Date | null;
  readonly tolerance?: number;
  readonly legacy?: true;
  readonly batch?: true;
}

/** `verify`: says whether a captured request would be accepted, and why not. */
export function addVerify(program: Command): void {
  program
    .command('verify')
    .description('say whether a request on stdin is signed right, and if not, what has probably gone wrong')
    .option('--provider <name>', 'the vendor contract, such as stripe')
    .option('--source <name>', 'take provider, secrets and options from this source of the settings')
    .option(
      '--secret <secret>',
      'a secret; may be repeated',
      append<string>((text) => text),
      [],
    )
    .option('--header <header>', "a header of the request, 'Name: value'; may be repeated", append(parseHeader), [])
    .option('--url <url>', 'the URL posted to, for schemes that sign it; none of today does')
    .option('--method <method>', 'the method, for schemes that sign it; none of today does')
    .option('--now <time>', 'judge the age by this time: Unix seconds or ISO 8601; `none` leaves the age out', parseNow)
    .option('--tolerance <seconds>', 'how old the signed time may be', parseCount({ min: 0, max: 1_000_000_000 }))
    .option('--legacy', "accept a vendor's outdated scheme where its current one is absent")
    .option('--batch', 'judge JSON lines, and print one JSON line each')
    .action(async (options: VerifyOptions, command: Command) => {
      process.exitCode = options.batch === true ? await batch() : await verify(options, command);
    });
}

async function batch(): Promise<ExitCode> {
  const judged = await runBatch({
    input: process.stdin,
    clock: world.now,
    print: (line) => console.log(line),
    complain: (line) => console.error(line),
  });
  return judged ? EXIT.ok : EXIT.failed;
}

async function verify(options: VerifyOptions, command: Command): Promise<ExitCode> {
  const source = options.source === undefined ? undefined : await sourceNamed(options.source, command);
  const provider = options.provider ?? source?.provider;
  if (provider === undefined) throw new HooklineError('cli.usage', { expected: '`--provider` or `--source`', got: 'neither' });
  if (process.stdin.isTTY) console.error('reading the body from the terminal: end it with Ctrl-D, or give a file: `< body.json`');
  const judgement = judgeRequest({
    provider,
    headers: options.header,
    body: await readAll(process.stdin),
    secrets: options.secret.length > 0 ? options.secret : (source?.secrets ?? []),
    options: source?.options ?? {},
    now: options.now === undefined ? world.now() : options.now,
    toleranceSeconds: options.tolerance ?? source?.options.toleranceSeconds,
    legacy: options.legacy,
  });
  tell(globalsOf(command), { document: judgement, text: () => toScreen(judgement, createPaint(process.stdout)) });
  return judgement.ok ? EXIT.ok : EXIT.failed;
}

async function sourceNamed(name: string, command: Command): Promise<Source> {
  const sources = toSources((await findWorkplace(command)).settings);
  const source = sources.find((one) => one.name === name);
  if (source !== undefined) return source;
  throw new HooklineError('cli.usage', { expected: `one of ${sources.map((one) => `\`${one.name}\``).join(', ')}`, got: 'another source' });
}

function toScreen({ ok, code, detail, secretIndex, eventIds, eventType }: Judgement, paint: Paint): string {
  const facts = toFacts(
    [
      ['code', code ?? ''],
      ['meaning', code === null ? '' : errorTable[code].means],
      ['detail', detail ?? ''],
      ['fix', code === null ? '' : errorTable[code].fix],
      ['secret', secretIndex === null ? '' : `number ${secretIndex + 1} of those given`],
      ['event', eventIds.join(', ')],
      ['type', eventType ?? ''],
    ],
    paint,
  );
  return `${ok ? paint('good', 'ok') : paint('bad', 'refused')}\n${facts}`;
}

function append<Value>(parse: (text: string) => Value): (text: string, before: readonly Value[]) => readonly Value[] {
  return (text, before) => [...before, parse(text)];
}

function parseHeader(text: string): readonly [string, string] {
  const at = text.indexOf(':');
  const name = text.slice(0, Math.max(0, at)).trim();
  if (name === '') throw new InvalidArgumentError('expected `Name: value`.');
  return [name, text.slice(at + 1).trim()];
}

function parseNow(text: string): Date | null {
  if (text === 'none') return null;
  const time = toTime(text);
  if (time === undefined) throw new InvalidArgumentError('expected Unix seconds, ISO 8601, or `none`.');
  return time;
}
