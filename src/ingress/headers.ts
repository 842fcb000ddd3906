import type { DeliveryHeaders } from '../contracts/webhook.ts';

/**
 * The header lines of a request as they came, none joined and none lost: Node's own `headers` joins some doubled headers with a
 * comma and drops others, which hides a second signature. Values are one character a byte (latin1), as Node reads them.
 */
export function toDeliveryHeaders(rawHeaders: readonly string[]): DeliveryHeaders {
  const lines: [name: string, value: string][] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    lines.push([(rawHeaders[at] ?? '').toLowerCase(), rawHeaders[at + 1] ?? '']);
  }
  return {
    lines,
    one(name) {
      const values = valuesOf(lines, name);
      return values.length === 1 ? values[0] : undefined;
    },
    all: (name) => valuesOf(lines, name),
  };
}

function valuesOf(lines: readonly (readonly [string, string])[], name: string): string[] {
  const wanted = name.toLowerCase();
  const values: string[] = [];
  for (const [key, value] of lines) if (key === wanted) values.push(value);
  return values;
}
