import type { TemporalPort } from '../../../src/ingress/temporal-port.ts';
import type { Errands } from './errands.ts';
import { grpc } from './grpc.ts';
import type { TemporalModel } from './temporal-model.ts';
import { toFate, type Weather } from './weather.ts';
import type { Host, World } from './world.ts';

/** Of the product: how long a call may take, in milliseconds. */
const DEADLINE_MS = 2_000;
/** How much later than that a server may still carry it out. */
const LATE_MS = 3_000;
const GRPC = { deadlineExceeded: 4, resourceExhausted: 8, internal: 13, unavailable: 14 } as const;

/** What a link is made with. */
export interface TemporalLinkOptions {
  readonly world: World;
  readonly host: Host;
  readonly weather: Weather;
  readonly errands: Errands;
  readonly temporal: TemporalModel;
  /** What is sent in place of a request's id. @default itself */
  readonly toRequestId?: (requestId: string) => string;
}

/** The way of one process to Temporal and back: the product's own port. */
export function createTemporalLink({
  world,
  host,
  weather,
  errands,
  temporal,
  toRequestId = (id) => id,
}: TemporalLinkOptions): TemporalPort {
  const carry = <Result>(perform: () => Result): Promise<Result> =>
    errands.carry((resolve, reject) => {
      const fail = (ms: number, code: number): void => void world.after(ms, () => reject(grpc(code)), host);
      const fate = toFate(world, weather.temporalLoss);
      const [thereMs, backMs] = [world.between(0, 30), world.between(0, 30)];
      if (weather.temporal === 'down') return fail(thereMs, GRPC.unavailable);
      if (weather.temporal === 'exhausted') return fail(thereMs, GRPC.resourceExhausted);
      if (weather.temporal === 'internal') return fail(thereMs, GRPC.internal);
      if (weather.temporal === 'silent') return fail(DEADLINE_MS, GRPC.deadlineExceeded);
      const { epoch } = temporal;
      const arriveAfter = fate === 'late' ? world.between(thereMs, DEADLINE_MS + LATE_MS) : thereMs;
      if (fate !== 'fine')
        fail(fate === 'late' ? DEADLINE_MS : thereMs + backMs, fate === 'late' ? GRPC.deadlineExceeded : GRPC.unavailable);
      if (fate === 'lost') return;
      errands.later(arriveAfter, () => {
        if (temporal.epoch !== epoch) return fate === 'fine' ? fail(backMs, GRPC.unavailable) : undefined; // it died with what it was doing
        const answer = attempt(perform);
        if (fate === 'fine') world.after(backMs, () => (answer.ok ? resolve(answer.result) : reject(answer.error)), host);
      });
    });
  return {
    start: (request) => {
      const finish = temporal.noteStart(request, host);
      return carry(() => temporal.start({ ...request, requestId: toRequestId(request.requestId) })).finally(finish);
    },
    describe: (workflowId) => carry(() => temporal.describe(workflowId)),
    facts: () => carry(() => ({ searchAttributes: true, retentionMs: 7 * 24 * 60 * 60 * 1_000 })),
  };
}

type Attempt<Result> = { readonly ok: true; readonly result: Result } | { readonly ok: false; readonly error: unknown };

function attempt<Result>(perform: () => Result): Attempt<Result> {
  try {
    return { ok: true, result: perform() };
  } catch (error) {
    return { ok: false, error };
  }
}
