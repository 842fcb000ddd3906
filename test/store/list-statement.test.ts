import { expect, test } from 'vitest';
import { holdsText, isState, toListStatement } from '../../src/store/list-statement.ts';

const list = (where: Parameters<typeof toListStatement>[0]['where']) =>
  toListStatement({ name: 'things.list', select: 'SELECT id FROM things', where, order: 'id DESC', limit: 5 });

test('a list without conditions has none', () => {
  expect(list({ source: ['source = ?', undefined] })).toEqual({
    name: 'things.list',
    text: 'SELECT id FROM things\nORDER BY id DESC LIMIT $1',
    values: [5],
  });
});

test('conditions that were asked for are numbered in their order, and name the statement', () => {
  expect(list({ source: ['source = ?', 'shop'], type: ['type = ?', undefined], entity: ['(a = ? OR b = ?)', 'x', 'y'] })).toEqual({
    name: 'things.list.source.entity',
    text: 'SELECT id FROM things\nWHERE source = $1\n  AND (a = $2 OR b = $3)\nORDER BY id DESC LIMIT $4',
    values: ['shop', 'x', 'y', 5],
  });
});

test('a text never becomes part of the statement', () => {
  const text = `' OR 1 = 1 -- ?`;
  const one = list({ text: holdsText('a, b', text) });
  expect(one.text).not.toContain('1 = 1');
  expect(one.values).toEqual([text, 5]);
});

test('a state stands in the statement, so that it finds its partial index, and what is no state is refused', () => {
  expect(list(isState('x.state', 'unknown'))).toMatchObject({
    name: 'things.list.state-unknown',
    text: expect.stringContaining(`x.state = 'unknown'`),
  });
  expect(() => list(isState('x.state', `unknown' OR true`))).toThrow('lower-case');
});

test('groups and locks stand where SQL has them', () => {
  const { text } = toListStatement({
    name: 'n',
    select: 'SELECT a FROM t',
    where: {},
    groupBy: 'a',
    order: 'a',
    limit: 1,
    lock: 'FOR UPDATE OF t',
  });
  expect(text).toBe('SELECT a FROM t\nGROUP BY a\nORDER BY a LIMIT $1\nFOR UPDATE OF t');
});

test('names stay within what PostgreSQL tells apart, and those of different conditions differ', () => {
  const many = Object.fromEntries(Array.from('abcdefghij', (letter) => [letter.repeat(8), ['a = ?', 1] as const]));
  const names = [list({ ...many, since: ['b = ?', 1] }).name, list({ ...many, until: ['b = ?', 1] }).name];
  expect(names.every((name) => Buffer.byteLength(name) <= 63)).toBe(true);
  expect(names[0]).not.toBe(names[1]);
});
