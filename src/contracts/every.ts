/** Calls `tick` each time so many milliseconds have passed, until what it returns is called. */
export type Every = (ms: number, tick: () => void) => () => void;

/** The system's timer. */
export const systemEvery: Every = (ms, tick) => {
  const timer = setInterval(tick, ms);
  return () => clearInterval(timer);
};
