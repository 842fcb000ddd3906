import { Client, Connection, isRetryableError, makeGrpcRetryInterceptor, type ConnectionOptions } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';

/** Attempts of one call: the first and two more. */
const ATTEMPTS = 3;
const RETRY_STEP_MS = 50;
/** Of gRPC: the server sheds load, or takes nothing of that size. */
const RESOURCE_EXHAUSTED = 8;

/** Where Temporal is: an address of our own server, or what the environment says. */
export type TemporalTarget =
  | { readonly address: string; readonly namespace?: string }
  | {
      /** `TEMPORAL_*`, and `temporal.toml` where they name it or in its usual place; an API key or certificates switch TLS on. */
      readonly env: Readonly<Record<string, string | undefined>>;
    };

/** How to reach Temporal, for a `Connection` and a `NativeConnection` alike. */
export interface TemporalAddress {
  readonly address: string;
  readonly namespace: string;
  readonly options: Pick<ConnectionOptions, 'address' | 'tls' | 'metadata'> & { readonly apiKey?: string };
}

/** A client that may be made before Temporal runs. */
export interface TemporalClient {
  readonly client: Client;
  readonly connection: Connection;
  readonly address: string;
  readonly namespace: string;
  close(): Promise<void>;
}

/**
 * A client whose calls fail at once while Temporal is down and work again within a second after it is back: nothing is
 * connected before the first call, broken connections are tried again every 0.1 to 1 s, a call is tried at most three
 * times, and one that is too large, or that the server sheds, is not tried again. Give every call a deadline by `withDeadline`.
 */
export function createTemporalClient(target: TemporalTarget): TemporalClient {
  const { address, namespace, options } = resolveTemporal(target);
  const connection = Connection.lazy({
    ...options,
    // grpc-js's own back-off grows to two minutes, and would outlast the outage
    channelArgs: { 'grpc.initial_reconnect_backoff_ms': 100, 'grpc.max_reconnect_backoff_ms': 1_000 },
    // the SDK's own would sleep through a deadline, send a body over 4 MiB again for 38 s, and ask a server that sheds load for more
    interceptors: [
      makeGrpcRetryInterceptor({
        retryableDecider: (attempt, status) => attempt < ATTEMPTS && isRetryableError(status) && status.code !== RESOURCE_EXHAUSTED,
        delayFunction: (attempt) => RETRY_STEP_MS * attempt,
      }),
    ],
  });
  return { client: new Client({ connection, namespace }), connection, address, namespace, close: () => connection.close() };
}

/** Address, namespace and credentials of a target. Throws what `@temporalio/envconfig` throws where the file or a variable cannot be read. */
export function resolveTemporal(target: TemporalTarget): TemporalAddress {
  if ('address' in target) {
    const { address, namespace = 'default' } = target;
    return { address, namespace, options: { address } };
  }
  const defined = Object.fromEntries(Object.entries(target.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig({ overrideEnvVars: defined });
  const { address = 'localhost:7233', tls, apiKey, metadata } = connectionOptions;
  return {
    address,
    namespace,
    options: {
      address,
      ...(tls === undefined || tls === null ? {} : { tls }),
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(metadata === undefined ? {} : { metadata }),
    },
  };
}

/** Makes one call, or several, that must have ended within a time; past it they fail with DEADLINE_EXCEEDED. */
export function withDeadline<Result>(connection: Connection, deadlineMs: number, call: () => Promise<Result>): Promise<Result> {
  return connection.withDeadline(Date.now() + deadlineMs, call);
}
