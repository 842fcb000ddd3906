import { describe, expect, test } from 'vitest';
import { toTable, widthOf } from '../../src/cli/table.ts';

describe('a table', () => {
  test('aligns its columns, and ends no line in a space', () => {
    expect(
      toTable({
        head: ['sku', 'available', 'note'],
        rows: [
          ['TEE-BLUE-M', '7', ''],
          ['PEN', '100000', 'plenty'],
        ],
      }),
    ).toBe(['SKU         AVAILABLE  NOTE', 'TEE-BLUE-M  7', 'PEN         100000     plenty'].join('\n'));
  });

  test('aligns letters that are two columns wide, or none', () => {
    expect(widthOf('東京')).toBe(4);
    expect(widthOf('e\u0301')).toBe(1);
    expect(
      toTable({
        head: ['a', 'b'],
        rows: [
          ['東京', 'x'],
          ['abcd', 'y'],
        ],
      }),
    ).toBe(['A     B', '東京  x', 'abcd  y'].join('\n'));
  });

  test('makes every cell printable before it measures and paints it', () => {
    const table = toTable({ head: ['id'], rows: [[{ text: '\u001B[2J', tone: 'bad' }]] }, (tone, text) => `<${tone}>${text}</>`);
    expect(table).toBe('<faint>ID</>\n<bad>\ufffd[2J</>');
  });

  test('cuts a cell that is longer than 160 characters', () => {
    expect(toTable({ head: ['id'], rows: [['x'.repeat(500)]] })).toBe(`ID\n${'x'.repeat(159)}…`);
  });
});
