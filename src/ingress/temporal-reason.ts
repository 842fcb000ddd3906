import { grpcCodeOf, GRPC } from './start-error.ts';

const REASONS: ReadonlyMap<number, string> = new Map([
  [GRPC.cancelled, 'it does not answer in time'],
  [GRPC.deadlineExceeded, 'it does not answer in time'],
  [GRPC.notFound, 'it does not have the namespace'],
  [GRPC.permissionDenied, 'it refuses our credentials'],
  [GRPC.unauthenticated, 'it refuses our credentials'],
  [GRPC.unavailable, 'it cannot be reached'],
]);

/** Why Temporal is no use, in a few words. */
export function toTemporalReason(error: unknown): string {
  const code = grpcCodeOf(error);
  return code === undefined ? 'it cannot be reached' : (REASONS.get(code) ?? `it answers with gRPC ${code}`);
}

/** Whether Temporal is there, and takes no more just now. */
export function isShedding(error: unknown): boolean {
  return grpcCodeOf(error) === GRPC.resourceExhausted;
}
