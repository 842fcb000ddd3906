import { describe, expect, it } from 'vitest';
import { createMessageReader, nameOf, toQuery, typeOf } from '../../scripts/torture/proxies/postgres-messages.ts';

/** Bind: no portal, a statement, and what stands for its values. */
const bindOf = (statement: string): Buffer => {
  const message = toQuery(`\0${statement}\0values`);
  message.write('B');
  return message;
};

describe('PostgreSQL’s messages', () => {
  it('are read whole, in whatever pieces they come', () => {
    const bytes = Buffer.concat([toQuery('BEGIN'), toQuery('COMMIT')]);
    const reader = createMessageReader({ startsUp: false });
    const read = [...bytes].flatMap((byte) => reader.read(Buffer.from([byte])));
    expect(read).toEqual([toQuery('BEGIN'), toQuery('COMMIT')]);
    expect(createMessageReader({ startsUp: false }).read(bytes)).toEqual(read);
  });

  it('begin with one that has no type where a client starts', () => {
    const startup = toQuery('startup').subarray(1);
    expect(
      createMessageReader({ startsUp: true })
        .read(Buffer.concat([startup, toQuery('BEGIN')]))
        .map(typeOf),
    ).toEqual(['\0', 'Q']);
  });

  it('are named by the prepared statement, or by the first word of their SQL', () => {
    expect(nameOf([bindOf('ledger.claim')])).toBe('ledger.claim');
    expect(nameOf([toQuery('begin; SET LOCAL statement_timeout = 1500')])).toBe('BEGIN');
    expect(nameOf([])).toBe('');
  });
});
