import { Option, type Command } from 'commander';
import { HooklineError } from '../contracts/errors.ts';
import { toSources } from '../contracts/settings.ts';
import { parseCount } from './counts.ts';
import { toListenerBase } from './listener-base.ts';
import { createProgressLine } from './progress-line.ts';
import { EXIT, type ExitCode } from './report.ts';
import { globalsOf } from './settings.ts';
import { createPaint, type Paint } from './table.ts';
import { find } from '../admin/api/find.ts';
import { toJsonLine } from '../admin/printable.ts';
import { addHeaders, parseGivenHeader, type GivenHeader } from './trigger/add-headers.ts';
import { chooseSample, type ChosenSample } from './trigger/choose-sample.ts';
import { chooseSource } from './trigger/choose-source.ts';
import { inTurns } from './trigger/in-turns.ts';
import { postWebhook, type WebhookAnswer } from './trigger/post-webhook.ts';
import { parseForward } from './trigger/parse-forward.ts';
import { toSampleList } from './trigger/sample-list.ts';
import { parseSetPath, setPath, type SetPath } from './trigger/set-path.ts';
import { signWebhook, type SignedWebhook } from './trigger/sign-webhook.ts';
import { isSuccess, toAnswerLine, toAnswerView, toOutcomeTable } from './trigger/trigger-screen.ts';
import { isClosed, isDone, waitForRuns } from './wait-for-runs.ts';
import { withApi } from './with-api.ts';
import { findWorkplace, type Workplace } from './workplace.ts';
import { world } from './world.ts';

interface TriggerOptions {
  readonly source?: string;
  readonly set: readonly SetPath[];
  readonly count: number;
  readonly sameId?: true;
  readonly tamper?: true;
  readonly wait?: true;
  readonly url?: string;
  readonly forward?: string;
  readonly header: readonly GivenHeader[];
}

const AT_ONCE = 8;
const WAIT_MS = 120_000;

/** `trigger`: plays the provider, and posts correctly signed samples. */
export function addTrigger(program: Command): void {
  program
    .command('trigger')
    .description("sign a provider's sample and post it to the running stack")
    .argument('<provider>', 'such as shopify')
    .argument('<type>', "the provider's own type, such as orders/create; below stand all")
    .option('--source <name>', 'post to this source (default: the one called like the provider, else its only one)')
    .option(
      '--set <path=value>',
      'change the payload: a dotted path or a JSON pointer; may be repeated',
      (text, before: readonly SetPath[]) => [...before, parseSetPath(text)],
      [],
    )
    .option('--count <n>', 'send so many', parseCount({ min: 1, max: 10_000 }), 1)
    .option('--same-id', 'send the same bytes each time: one event, and its resends')
    .option('--tamper', 'change one byte after signing: the delivery must be refused')
    .option('--wait', 'wait until every run has ended, 2 min at most')
    .option('--url <url>', "the listener's address (default: that of the running stack)")
    .addOption(
      new Option('--forward <url>', 'post to this whole URL instead, signed with the secret of the source')
        .argParser(parseForward)
        .conflicts(['url', 'wait']),
    )
    .option(
      '--header <header>',
      "send this header too, or in place of the sample's own, 'Name: value'; may be repeated",
      (text, before: readonly GivenHeader[]) => [...before, parseGivenHeader(text)],
      [],
    )
    .addHelpText('after', `\nProviders, and the types of their samples:\n${toSampleList()}`)
    .action(async (provider: string, type: string, options: TriggerOptions, command: Command) => {
      process.exitCode = await trigger(chooseSample(provider, type), options, command);
    });
}

async function trigger(sample: ChosenSample, options: TriggerOptions, command: Command): Promise<ExitCode> {
  const workplace = await workplaceOf(command, options);
  const source = chooseSource(toSources(workplace.settings), { provider: sample.provider.name, named: options.source });
  const url = options.forward ?? `${toBaseUrl(options, workplace)}/webhooks/${source.name}`;
  const webhooks = toWebhooks(sample, source.secrets[0] ?? '', options);
  const json = globalsOf(command).json === true;
  const paint = createPaint(process.stdout);

  const answers = await inTurns(webhooks, {
    atOnce: AT_ONCE,
    work: (webhook) => postWebhook(url, webhook),
    onResult: (answer) => console.log(json ? toJsonLine(toAnswerView(answer, source.name)) : toAnswerLine(answer, paint)),
  });
  refuseUnreachable(answers, { url, options });
  adviseOnRefusal(answers, { source: source.name, options });
  const taken = isAsWished(answers, options) ? EXIT.ok : EXIT.failed;
  if (options.wait !== true) return taken;
  const ended = await waitAndTell({ answers, source: source.name, command, json, paint });
  return taken === EXIT.ok && ended ? EXIT.ok : EXIT.failed;
}

/** Elsewhere needs no stack here, but the secret of a source. */
async function workplaceOf(command: Command, { forward }: TriggerOptions): Promise<Workplace> {
  return findWorkplace(command).catch((error: unknown) => {
    if (forward === undefined || !(error instanceof HooklineError) || error.code !== 'stack.notRunning') throw error;
    const fix = 'name the settings that hold it by `--config` or `--data`';
    throw new HooklineError('cli.usage', { expected: 'settings with the secret of a source', got: 'none here', fix });
  });
}

function toWebhooks({ provider, make }: ChosenSample, secret: string, options: TriggerOptions): readonly SignedWebhook[] {
  const one = (): SignedWebhook => {
    const now = world.now();
    const sample = make({ now, id: world.newEventId() });
    const signed = signWebhook({
      provider,
      headers: addHeaders(sample.headers, options.header), // before signing: some schemes sign a header
      body: options.set.reduce(setPath, sample.body),
      secret,
      now,
      tamper: options.tamper === true,
    });
    return { ...signed, headers: addHeaders(signed.headers, options.header) }; // and after it: a given signature is sent as it is
  };
  if (options.sameId !== true) return Array.from({ length: options.count }, one);
  const same = one();
  return Array.from({ length: options.count }, () => same);
}

function toBaseUrl({ url }: TriggerOptions, { stack, settings }: Workplace): string {
  const base = toListenerBase({ url, stack });
  if (base !== undefined) return base;
  throw new HooklineError('stack.notRunning', { where: settings.data, fix: 'start one with `npm start`, or give `--url`' });
}

/** A listener that gives no answer to any of them is not there. */
function refuseUnreachable(
  answers: readonly WebhookAnswer[],
  { url, options: { forward } }: { readonly url: string; readonly options: TriggerOptions },
): void {
  const [first] = answers;
  if (first?.kind !== 'unreachable' || answers.some(({ kind }) => kind === 'answered')) return;
  const { reason, fix } = first; // a fix is known where somebody did answer
  throw new HooklineError(forward === undefined && fix === undefined ? 'stack.notRunning' : 'http.unavailable', {
    got: reason,
    where: forward === undefined ? url : new URL(url).origin, // the rest of a stranger's URL may be a secret
    ...(fix === undefined ? {} : { fix }),
  });
}

/** Every one accepted; of the same one sent several times the first. Elsewhere every one answered by a 2xx, whatever it says. */
function isAsWished(answers: readonly WebhookAnswer[], { sameId, forward }: TriggerOptions): boolean {
  if (forward !== undefined) return answers.every((answer) => answer.kind === 'answered' && isSuccess(answer.httpStatus));
  const statuses = answers.map((answer) => (answer.kind === 'answered' && answer.httpStatus === 200 ? answer.status : null));
  return statuses.includes('accepted') && statuses.every((status) => status === 'accepted' || (sameId === true && status === 'duplicate'));
}

/** The listener tells nobody why a signature is refused; who has called this command may know what to look at. */
function adviseOnRefusal(
  answers: readonly WebhookAnswer[],
  { source, options: { tamper, forward } }: { readonly source: string; readonly options: TriggerOptions },
): void {
  const has = (status: number): boolean => answers.some((answer) => answer.kind === 'answered' && answer.httpStatus === status);
  if (forward !== undefined) {
    if ((has(401) || has(403)) && tamper !== true)
      console.error(`refused there: does it know the secret of the source \`${source}\` here?`);
    return;
  }
  if (has(401) && tamper !== true)
    console.error(
      'the signature was refused: was the stack started with the same `--config` and `--data`? See `hookline deliveries --outcome refused`',
    );
  if (has(404)) console.error('the listener has no such source: was the stack started with the same `--config`?');
}

async function waitAndTell({
  answers,
  source,
  command,
  json,
  paint,
}: {
  readonly answers: readonly WebhookAnswer[];
  readonly source: string;
  readonly command: Command;
  readonly json: boolean;
  readonly paint: Paint;
}): Promise<boolean> {
  const ids = new Set(answers.flatMap((answer) => (answer.kind === 'answered' ? (answer.eventId ?? []) : [])));
  if (ids.size === 0) return false;
  return withApi(command, async (api) => {
    const line = createProgressLine(process.stderr);
    const events = await waitForRuns({
      events: { find: async (text) => (await api.ask(find.events, { query: { text, source } })).events },
      wanted: [...ids].map((eventId) => ({ source, eventId })),
      timeoutMs: WAIT_MS,
      onProgress: (open, elapsedS) => line.show(`waiting for the runs of ${open} ${open === 1 ? 'event' : 'events'} … ${elapsedS} s`),
    });
    line.clear();
    if (json) for (const event of events) console.log(toJsonLine(event));
    else console.log(toOutcomeTable(events, paint));
    if (!events.every(isClosed)) console.error(`not finished within ${WAIT_MS / 1_000} s: see \`hookline events <id>\``);
    else if (!events.every(isDone)) console.error('not everything is done: see `hookline events <id>`');
    return events.length === ids.size && events.every(isDone);
  });
}
