/** What a failed start means for the run and for its neighbours. */
export type StartFailure =
  /** Temporal cannot be reached, or is too slow: the same start later, and nobody else's now. */
  | { readonly kind: 'unreachable'; readonly detail: string }
  /** Temporal is there, and takes no more of them just now: the same start later, and everybody's more slowly. */
  | { readonly kind: 'shedding'; readonly detail: string }
  /** The server does not know one of the search attributes: the same start without them. */
  | { readonly kind: 'searchAttributes'; readonly detail: string }
  /** A run has the id already. */
  | { readonly kind: 'exists' }
  /** This start will never be taken. */
  | { readonly kind: 'refused'; readonly detail: string }
  /** The server could not take this start, which may be its fault or this start's: a few times more. */
  | { readonly kind: 'suspect'; readonly detail: string };

/** Codes of gRPC (grpc/doc/statuscodes.md) that starts have been seen to end with. */
export const GRPC = {
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  aborted: 10,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

const WEATHER = new Set<number>([GRPC.cancelled, GRPC.unknown, GRPC.deadlineExceeded, GRPC.aborted, GRPC.unavailable]);
/** Settings or credentials are wrong: every start fails until a person has mended them, and then this one too goes on. */
const SETTINGS = new Set<number>([GRPC.notFound, GRPC.permissionDenied, GRPC.unauthenticated, GRPC.failedPrecondition, GRPC.unimplemented]);

/** Classifies a failed start by its code and, where a code can be weather or poison, by its text. */
export function classifyStartError(error: unknown): StartFailure {
  const { code, details } = grpcFacts(error);
  const detail = code === undefined ? `${error instanceof Error ? error.name : typeof error}` : `gRPC ${code}: ${details}`;
  if (code === GRPC.alreadyExists) return { kind: 'exists' };
  if (code === GRPC.resourceExhausted && /larger than max|exceeds.*limit/i.test(details)) return { kind: 'refused', detail };
  if (code === GRPC.resourceExhausted) return { kind: 'shedding', detail };
  if (code !== undefined && (WEATHER.has(code) || SETTINGS.has(code))) return { kind: 'unreachable', detail };
  if (code === GRPC.invalidArgument)
    return /search attribute|Hookline[A-Z]/i.test(details) ? { kind: 'searchAttributes', detail } : { kind: 'refused', detail };
  return { kind: 'suspect', detail };
}

/** Whether a call failed because there is no such workflow; a namespace that is not there says nothing of its workflows. */
export function isNotFound(error: unknown): boolean {
  const { code, details } = grpcFacts(error);
  return code === GRPC.notFound && !/namespace/i.test(details);
}

/** The gRPC code of a failed call, however the client has wrapped it; `undefined` where it has none. */
export function grpcCodeOf(error: unknown): number | undefined {
  return grpcFacts(error).code;
}

function grpcFacts(error: unknown): { readonly code: number | undefined; readonly details: string } {
  const { code, details, message, cause }: { code?: unknown; details?: unknown; message?: unknown; cause?: unknown } =
    typeof error === 'object' && error !== null ? error : {};
  if (typeof code === 'number') return { code, details: (typeof details === 'string' ? details : String(message)).slice(0, 300) };
  return cause === undefined ? { code: undefined, details: '' } : grpcFacts(cause);
}
