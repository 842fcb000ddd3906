/** An error as gRPC's client throws it. */
export function grpc(code: number, details = 'simulated'): Error {
  return Object.assign(new Error(`${code}: ${details}`), { code, details });
}
