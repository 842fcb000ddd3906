import { one } from './cycle-one.mts'; // bad: import/no-cycle

export const two = (): number => one() + 1;
