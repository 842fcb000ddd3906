import type { Log } from '../../contracts/names.ts';
import { NO_TRACER } from '../../contracts/tracing.ts';
import type { OwnedTracer } from './otlp-tracer.ts';
import { readTracingSettings } from './tracing-settings.ts';

/** What a process's tracer is made of. */
export interface CreateTracerOptions {
  /** That of the process: what concerns headers and the resource, OpenTelemetry's packages read for themselves. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `hookline-ingress`; `OTEL_SERVICE_NAME` goes before it. */
  readonly service: string;
  readonly log: Log;
  readonly now: () => Date;
  readonly newUuid: () => string;
}

/**
 * Makes the tracer of a process. Without an exporter in the environment it takes nothing, and nothing of OpenTelemetry is loaded. Never
 * rejects: traces are no reason not to work, and where they cannot be had the log says why.
 */
export async function createTracer(options: CreateTracerOptions): Promise<OwnedTracer> {
  const { env, log } = options;
  const settings = readTracingSettings(env);
  if (!settings.on) {
    if (settings.problem !== undefined) log.warn({ component: 'tracing', err: settings.problem }, 'traces are off');
    return OFF;
  }
  for (const err of settings.problems) log.warn({ component: 'tracing', err }, 'a setting of traces has its default');
  try {
    const { createOtlpTracer } = await import('./otlp-tracer.ts');
    const tracer = createOtlpTracer({ ...options, settings });
    log.info({ component: 'tracing', url: new URL(settings.url).origin }, 'traces are exported');
    return tracer;
  } catch (err) {
    log.error({ component: 'tracing', err }, 'traces are off');
    return OFF;
  }
}

const OFF: OwnedTracer = Object.freeze({ ...NO_TRACER, close: async () => {} });
