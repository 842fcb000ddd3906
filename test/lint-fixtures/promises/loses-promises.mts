const later = async (): Promise<string> => Promise.resolve('x');

export function drop(): void {
  later(); // bad: typescript/no-floating-promises
}

export function misuse(items: readonly string[]): void {
  items.forEach(async () => later()); // bad: typescript/no-misused-promises
}

export async function awaitNothing(nothing: () => number): Promise<void> {
  await nothing(); // bad: typescript/await-thenable
}

export async function escapeCatch(): Promise<string> {
  try {
    return later(); // bad: typescript/return-await
  } catch {
    return '';
  }
}

export function throwText(): never {
  throw 'text'; // bad: typescript/only-throw-error
}

export async function rejectText(): Promise<never> {
  return Promise.reject('text'); // bad: typescript/prefer-promise-reject-errors
}
