import { EffectFailure } from '../../../src/activities/effect-failure.ts';
import type { Errands } from './errands.ts';
import type { Weather } from './weather.ts';
import type { Host, World } from './world.ts';

/** One effect that has happened at a vendor. */
export interface Performed {
  readonly vendor: VendorName;
  readonly key: string;
  readonly body: string;
}

/** Who looks at keys, and who does not. */
export type VendorName = 'crm' | 'mail';

/** One call. */
export interface VendorCall {
  readonly host: Host;
  readonly vendor: VendorName;
  readonly key: string;
  readonly body: string;
  readonly signal: AbortSignal;
}

/** Receivers of effects: `crm` does each key once, `mail` whatever it gets. */
export interface Vendors {
  /** Resolves when the vendor has said that it is done; rejects with what an adapter of the product would throw. */
  call(call: VendorCall): Promise<void>;
  /** All that has happened, in order. */
  readonly performed: readonly Performed[];
}

const SLOW_MS = 45_000;
const RETRY_AFTER_MS = 5_000;

/** Makes them. */
export function createVendors({
  world,
  weather,
  errands,
}: {
  readonly world: World;
  readonly weather: Weather;
  readonly errands: Errands;
}): Vendors {
  const performed: Performed[] = [];
  const perform = ({ vendor, key, body }: VendorCall): void => {
    if (vendor === 'crm' && performed.some((done) => done.vendor === vendor && done.key === key && done.body === body)) return;
    performed.push({ vendor, key, body });
  };
  return {
    performed,
    call: (call) =>
      errands.carry((resolve, reject) => {
        const { host, signal } = call;
        const mood = weather.vendors === 'fine' || world.chance(0.3) ? 'fine' : weather.vendors;
        const [thereMs, backMs] = [mood === 'slow' ? world.between(1, SLOW_MS) : world.between(1, 20), world.between(1, 20)];
        const failed = (happened: 'no' | 'unknown', wait: { readonly retryAfterMs?: number } = {}): EffectFailure =>
          new EffectFailure('http.unavailable', { happened, where: call.vendor, ...wait });
        signal.addEventListener('abort', () => reject(failed('unknown')), { once: true });
        if (mood === 'refuses' || mood === 'asksToWait' || mood === 'resetsBefore') {
          const wait = mood === 'asksToWait' ? { retryAfterMs: RETRY_AFTER_MS } : {};
          world.after(thereMs + backMs, () => reject(failed(mood === 'resetsBefore' ? 'unknown' : 'no', wait)), host);
          return;
        }
        errands.later(thereMs, () => {
          perform(call);
          world.after(backMs, () => (mood === 'resetsAfter' ? reject(failed('unknown')) : resolve()), host);
        });
      }),
  };
}
