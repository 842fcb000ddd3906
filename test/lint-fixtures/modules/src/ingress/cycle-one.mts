import { two } from './cycle-two.mts'; // bad: import/no-cycle

export const one = (): number => two() + 1;
