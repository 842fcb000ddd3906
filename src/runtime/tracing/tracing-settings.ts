import { HooklineError } from '../../contracts/errors.ts';
import { SAMPLERS, createSampler, type Sampler, type SamplerName } from './sampler.ts';

/** What the environment says of traces; OpenTelemetry's own variables, so that one set serves every program of an installation. */
export type TracingSettings =
  /** `problem` says why, where somebody seems to have wanted them. */
  | { readonly on: false; readonly problem?: HooklineError }
  | {
      readonly on: true;
      /** Where spans are posted to. */
      readonly url: string;
      readonly sampler: Sampler;
      /** How long a batch may take, tries included. */
      readonly timeoutMs: number;
      readonly batch: {
        readonly maxQueueSize: number;
        readonly maxExportBatchSize: number;
        readonly scheduledDelayMillis: number;
      };
      /** What was not understood, and has its default. */
      readonly problems: readonly HooklineError[];
    };

type Env = Readonly<Record<string, string | undefined>>;

/** Shorter than OpenTelemetry's 10 s: a process that stops waits for its last batch. */
const TIMEOUT_MS = 2_000;
const LOCAL_COLLECTOR = 'http://localhost:4318';

/**
 * Reads whether and how traces are exported. Off without an endpoint, unless `OTEL_TRACES_EXPORTER` asks for `otlp` by name; off with what we
 * cannot speak. As OpenTelemetry demands it, nothing here can keep a process from starting: a value that is wrong counts as not set.
 */
export function readTracingSettings(env: Env): TracingSettings {
  if (env['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true') return { on: false };
  const exporters = listOf(env['OTEL_TRACES_EXPORTER']);
  const endpoint = toEndpoint(env) ?? (exporters.includes('otlp') ? `${LOCAL_COLLECTOR}/v1/traces` : undefined);
  if (endpoint === undefined || exporters.includes('none')) return { on: false };
  if (exporters.length > 0 && !exporters.includes('otlp')) return off('OTEL_TRACES_EXPORTER', '`otlp` or `none`', exporters.join(','));
  const protocol = traceValueOf(env, 'PROTOCOL');
  if (protocol !== undefined && !protocol.startsWith('http/'))
    return off('OTEL_EXPORTER_OTLP_PROTOCOL', '`http/json` or `http/protobuf`', protocol);
  if (!isHttp(endpoint)) return off('OTEL_EXPORTER_OTLP_ENDPOINT', 'the URL of a collector, http or https', 'something else'); // a URL may hold a password

  const problems: HooklineError[] = [];
  const read = <Value>(variable: string, text: string | undefined, kind: Kind<Value>): Value => {
    const value = text === undefined ? undefined : kind.parse(text);
    if (value !== undefined) return value;
    if (text !== undefined) problems.push(wrong(variable, kind.expected, text));
    return kind.otherwise;
  };
  const valueOf = <Value>(variable: string, kind: Kind<Value>): Value => read(variable, given(env[variable]), kind);
  const sampler = valueOf('OTEL_TRACES_SAMPLER', SAMPLER);
  const ratio = sampler.endsWith('ratio') ? valueOf('OTEL_TRACES_SAMPLER_ARG', RATIO) : 1;
  if (sampler.endsWith('always_off') || ratio === 0) return { on: false };
  const maxQueueSize = valueOf('OTEL_BSP_MAX_QUEUE_SIZE', count(2_048));
  return {
    on: true,
    url: endpoint,
    sampler: createSampler(sampler, ratio),
    timeoutMs: read('OTEL_EXPORTER_OTLP_TIMEOUT', traceValueOf(env, 'TIMEOUT'), count(TIMEOUT_MS)),
    batch: {
      maxQueueSize,
      maxExportBatchSize: Math.min(valueOf('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', count(512)), maxQueueSize),
      scheduledDelayMillis: valueOf('OTEL_BSP_SCHEDULE_DELAY', count(5_000)),
    },
    problems,
  };
}

interface Kind<Value> {
  readonly expected: string;
  readonly otherwise: Value;
  /** `undefined` where the text is no such value. */
  readonly parse: (text: string) => Value | undefined;
}

const SAMPLER: Kind<SamplerName> = {
  expected: `one of ${SAMPLERS.join(', ')}`,
  otherwise: 'parentbased_always_on',
  parse: (text) => SAMPLERS.find((name) => name === text),
};

const RATIO: Kind<number> = {
  expected: 'a number from 0 to 1',
  otherwise: 1,
  parse: (text) => (Number(text) >= 0 && Number(text) <= 1 ? Number(text) : undefined),
};

function count(otherwise: number): Kind<number> {
  return {
    expected: 'a whole number above 0',
    otherwise,
    parse: (text) => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined),
  };
}

/** The variable of traces goes before the one for all signals. */
function traceValueOf(env: Env, name: string): string | undefined {
  return given(env[`OTEL_EXPORTER_OTLP_TRACES_${name}`]) ?? given(env[`OTEL_EXPORTER_OTLP_${name}`]);
}

/** That of traces is taken as it is, the one for all signals has a path for each below it. */
function toEndpoint(env: Env): string | undefined {
  const whole = given(env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']);
  const base = given(env['OTEL_EXPORTER_OTLP_ENDPOINT']);
  return whole ?? (base === undefined ? undefined : `${base.replace(/\/$/, '')}/v1/traces`);
}

function isHttp(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

/** An empty variable counts as one that is not set. */
function given(text: string | undefined): string | undefined {
  const value = text?.trim();
  return value === '' ? undefined : value;
}

function listOf(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

function off(variable: string, expected: string, got: string): TracingSettings {
  return { on: false, problem: wrong(variable, expected, got) };
}

function wrong(variable: string, expected: string, got: string): HooklineError {
  return new HooklineError('settings.wrong', { expected, got: got.slice(0, 100), where: `the environment variable \`${variable}\`` });
}
