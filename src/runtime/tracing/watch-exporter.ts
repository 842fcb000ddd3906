import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import type { Log } from '../../contracts/names.ts';

/** An exporter that knows what has become of its spans. */
export interface WatchedExporter extends SpanExporter {
  /** Spans that were handed to it, since the start. */
  handed(): number;
  /** Counts one span that there was no room for. */
  drop(): void;
  /** Has the log say what is lost and was not said yet. */
  tell(): void;
}

/** How often the log says that spans were dropped. */
const TELL_MS = 60_000;

/**
 * Has one line logged when a collector does not take spans, one when it takes them again, and at most one a minute while more come than it
 * can take. Whoever traces is never told.
 */
export function watchExporter(exporter: SpanExporter, { log, now }: { readonly log: Log; readonly now: () => Date }): WatchedExporter {
  let handed = 0;
  let lost = 0;
  let dropped = 0;
  let toldMs = 0;

  return {
    export(spans: ReadableSpan[], done) {
      handed += spans.length;
      exporter.export(spans, (result) => {
        notice(spans.length, result);
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
    handed: () => handed,
    drop() {
      dropped += 1;
      if (now().getTime() - toldMs >= TELL_MS) tellDropped();
    },
    tell() {
      if (dropped > 0) tellDropped();
      if (lost > 0) log.warn({ component: 'tracing', count: lost }, 'spans were not delivered');
    },
  };

  function notice(count: number, { code, error }: { readonly code: number; readonly error?: Error }): void {
    if (code === SUCCESS) {
      if (lost > 0) log.info({ component: 'tracing', count: lost }, 'the collector takes spans again; those of the time between are lost');
      lost = 0;
      return;
    }
    if (lost === 0) log.warn({ component: 'tracing', err: error }, 'the collector takes no spans');
    lost += count;
  }

  function tellDropped(): void {
    toldMs = now().getTime();
    log.warn({ component: 'tracing', count: dropped }, 'spans were dropped: their queue was full');
    dropped = 0;
  }
}

/** `ExportResultCode.SUCCESS` of OpenTelemetry's core, which is no dependency of ours. */
const SUCCESS = 0;
