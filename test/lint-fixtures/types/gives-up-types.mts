import { Buffer } from 'node:buffer'; // bad: typescript/consistent-type-imports

export function takesAny(value: any): string { // bad: typescript/no-explicit-any
  const copy = value; // bad: typescript/no-unsafe-assignment
  value.call(); // bad: typescript/no-unsafe-call typescript/no-unsafe-member-access
  takesText(value); // bad: typescript/no-unsafe-argument
  void copy;
  return value; // bad: typescript/no-unsafe-return
}

function takesText(text: string): string {
  return text;
}

export function surely(list: readonly Buffer[]): Buffer {
  return list[0]!; // bad: typescript/no-non-null-assertion
}

export function forgets(state: 'done' | 'failed'): string {
  switch (state) { // bad: typescript/switch-exhaustiveness-check
    case 'done':
      return 'x';
  }
  return '';
}

// @ts-ignore // bad: typescript/ban-ts-comment
export const wrong: string = 1;
