import type { Facts, ProcessSample } from '../facts.ts';
import type { ProcessGrowth, Violation } from '../verdict.ts';

/** The most that a process may grow once it is warm. */
const MOST_MB_PER_MINUTE = 1;
/** Connections come and go with the load; a leak does not go. */
const MOST_MORE_FDS = 10;
/** Caches fill, and V8 finds the size of its heap. */
const WARM_UP_SHARE = 1 / 4;

/** How each process that was watched has grown after its warm-up, which is the first quarter. */
export function listGrowth({ samples }: Pick<Facts, 'samples'>): readonly ProcessGrowth[] {
  const last = Math.max(0, ...samples.map(({ atS }) => atS));
  const names = [...new Set(samples.map(({ process }) => process))].toSorted();
  return names.map((process) => {
    const warm = samples.filter((sample) => sample.process === process && sample.atS >= last * WARM_UP_SHARE);
    const [early, late] = [warm.filter(({ atS }) => atS < last * 0.5), warm.filter(({ atS }) => atS >= last * 0.75)];
    return {
      process,
      samples: warm.length,
      rssMb: { first: warm[0]?.rssMb ?? 0, last: warm.at(-1)?.rssMb ?? 0, max: Math.max(0, ...warm.map(({ rssMb }) => rssMb)) },
      mbPerMinute: Math.round(slope(warm) * 60 * 1_000) / 1_000,
      fds: { early: most(early), late: most(late) },
    };
  });
}

/** No process that was watched grows without end. */
export function checkGrowth(facts: Pick<Facts, 'samples'>): readonly Violation[] {
  return listGrowth(facts).flatMap(({ process, mbPerMinute, fds }) => [
    ...(mbPerMinute >= MOST_MB_PER_MINUTE
      ? [{ rule: 'process.grows' as const, about: process, detail: `${mbPerMinute} MB a minute after the warm-up` }]
      : []),
    ...(fds.late > fds.early + MOST_MORE_FDS
      ? [{ rule: 'process.grows' as const, about: process, detail: `${fds.late} file descriptors, before that ${fds.early}` }]
      : []),
  ]);
}

/** Megabytes a second, by least squares. */
function slope(samples: readonly ProcessSample[]): number {
  const mean = (of: (sample: ProcessSample) => number): number => samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const [meanS, meanMb] = [mean(({ atS }) => atS), mean(({ rssMb }) => rssMb)];
  const above = samples.reduce((sum, { atS, rssMb }) => sum + (atS - meanS) * (rssMb - meanMb), 0);
  const below = samples.reduce((sum, { atS }) => sum + (atS - meanS) ** 2, 0);
  return below === 0 ? 0 : above / below;
}

function most(samples: readonly ProcessSample[]): number {
  return Math.max(0, ...samples.map(({ fds }) => fds));
}
