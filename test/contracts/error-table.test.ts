import { describe, expect, test } from 'vitest';
import { errorTable } from '../../src/contracts/error-table.ts';
import type { ErrorEntry } from '../../src/contracts/errors.ts';

const rows = Object.entries<ErrorEntry>(errorTable).map(([code, entry]) => ({ code, entry }));

describe('the errors table', () => {
  test.each(rows)('$code is `area.reason`, with what has happened and what to do', ({ code, entry }) => {
    expect(code).toMatch(/^[a-z]+\.[a-z][A-Za-z0-9]*$/);
    expect(entry.means).toMatch(/^[^A-Z\s](?:.*[^.])?$|^(?:PostgreSQL|Temporal)\b.*[^.]$/);
    expect(entry.fix).toMatch(/[^.\s]$/);
  });

  test('codes of an area stand together', () => {
    const areas = rows.map(({ code }) => code.split('.')[0]);
    const runs = areas.filter((area, index) => area !== areas[index - 1]);
    expect(runs).toEqual([...new Set(runs)]);
  });

  test.each(rows.filter(({ entry }) => entry.status !== undefined))(
    '$code answers with a status that is retryable only as 5xx',
    ({ entry }) => {
      expect(entry.retryable).toBe((entry.status ?? 0) >= 500);
    },
  );

  test('nobody can tell from the status why a signature was refused', () => {
    const statuses = rows.filter(({ code }) => code.startsWith('signature.')).map(({ entry }) => entry.status);
    expect(new Set(statuses)).toEqual(new Set([401]));
  });
});
