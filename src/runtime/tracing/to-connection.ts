import { readFileSync } from 'node:fs';

/** How a collector is connected to, as options of Node's HTTP agents. */
export interface CollectorConnection {
  readonly keepAlive: true;
  /** In milliseconds. */
  readonly timeout: number;
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/**
 * Reads how a collector is connected to, with the certificates that OpenTelemetry's variables name; throws where a file cannot be read. A
 * connection that is not made or says nothing within `timeoutMs` is broken off: what OpenTelemetry does by itself waits for minutes for a
 * machine that does not answer, and would keep a stopping process alive as long.
 */
export function toConnection(env: Readonly<Record<string, string | undefined>>, timeoutMs: number): CollectorConnection {
  const read = (name: string): Buffer | undefined => {
    const path = env[`OTEL_EXPORTER_OTLP_TRACES_${name}`] || env[`OTEL_EXPORTER_OTLP_${name}`];
    return path === undefined || path === '' ? undefined : readFileSync(path);
  };
  const [ca, cert, key] = [read('CERTIFICATE'), read('CLIENT_CERTIFICATE'), read('CLIENT_KEY')];
  return {
    keepAlive: true,
    timeout: timeoutMs,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}
