import { describe, expect, it } from 'vitest';
import { MODES } from '../../scripts/torture/io-call.ts';
import { commonSites, listSites, toCaseId, toSiteId, type RecordedCall } from '../../scripts/torture/io-site.ts';

const callOf = (name: string, facts: Partial<RecordedCall> & { readonly group?: string } = {}): RecordedCall => ({
  call: { role: 'worker', name, group: facts.group ?? name, modes: MODES },
  inRequest: false,
  inReply: false,
  whileIdle: true,
  ...facts,
});
const idsOf = (calls: readonly RecordedCall[]): readonly string[] => listSites(calls).map((site) => `${toSiteId(site)} by ${site.seenBy}`);

describe('the sites of a life', () => {
  it('are the calls that name the event, in their request or in their reply', () => {
    expect(idsOf([callOf('runs.claim', { inReply: true }), callOf('switches.list'), callOf('ledger.claim', { inRequest: true })])).toEqual([
      'worker runs.claim#1 by reply',
      'worker ledger.claim#1 by request',
    ]);
  });

  it('are also the calls of its transactions and connections', () => {
    const group = 'one';
    expect(
      idsOf([callOf('BEGIN', { group }), callOf('stock.take', { group, inRequest: true }), callOf('COMMIT', { group }), callOf('BEGIN')]),
    ).toEqual(['worker BEGIN#1 by group', 'worker stock.take#1 by request', 'worker COMMIT#1 by group']);
  });

  it('are also calls of a kind that comes with an event only', () => {
    expect(idsOf([callOf('stops.find', { whileIdle: false })])).toEqual(['worker stops.find#1 by group']);
  });

  it('are counted by role and name', () => {
    const settle = callOf('ledger.settle', { inRequest: true });
    expect(idsOf([settle, settle])).toEqual(['worker ledger.settle#1 by request', 'worker ledger.settle#2 by request']);
  });

  it('are those that every life has: a retry is none', () => {
    const [once, twice] = [
      [callOf('COMMIT', { inRequest: true })],
      [callOf('COMMIT', { inRequest: true }), callOf('COMMIT', { inRequest: true })],
    ];
    expect(commonSites([listSites(twice), listSites(once)]).map(toSiteId)).toEqual(['worker COMMIT#1']);
  });

  it('give a case the id by which it is run again', () => {
    const [site] = listSites([callOf('COMMIT', { inRequest: true })]);
    expect(site && toCaseId({ site, mode: 'cutAfter' })).toBe('worker COMMIT#1 cutAfter');
  });
});
