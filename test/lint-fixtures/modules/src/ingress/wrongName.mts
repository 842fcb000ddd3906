export const one = 1; // bad: unicorn/filename-case
