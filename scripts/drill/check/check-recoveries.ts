import type { Recovery } from '../measure/find-recoveries.ts';
import type { Violation } from '../verdict.ts';

const MOST_MS = 30_000;

/**
 * After whatever was taken away, effects of new events flow again, and nothing stands still for over 30 s meanwhile: the time for which
 * the drill kept it away is not counted, nor that in which events that had waited longer went ahead.
 */
export function checkRecoveries(recoveries: readonly Recovery[]): readonly Violation[] {
  return recoveries.flatMap(({ outage: { name, how }, stillMs }) => {
    const about = `${name} ${how}`;
    if (stillMs === null) return [{ rule: 'recovery.slow', about, detail: 'no event that was acknowledged after it has had an effect' }];
    return stillMs > MOST_MS ? [{ rule: 'recovery.slow', about, detail: `nothing flowed for ${Math.round(stillMs)} ms` }] : [];
  });
}
