import * as entities from './entity-statements.ts';
import * as inbox from './inbox-statements.ts';
import * as ledger from './ledger-statements.ts';
import type { ModelStatement } from './model-database.ts';
import * as runs from './run-statements.ts';
import * as sweep from './sweep-statements.ts';
import * as undo from './undo-statements.ts';

/** Statements by the names under which the product prepares them. */
export type Statements = Readonly<Record<string, ModelStatement>>;

/** Every statement of the product that the simulation rests on; the live conformance test holds each against PostgreSQL. */
export const statements: Statements = {
  'inbox.insert': inbox.insert,
  'inbox.repair': inbox.repairMet,
  'runs.claim': runs.claim,
  'runs.markStarted': runs.markStarted,
  'runs.postpone': runs.postpone,
  'runs.failStart': runs.failStart,
  'runs.markOutcome': runs.markOutcome,
  'runs.dueChecks': sweep.dueChecks,
  'runs.markStuck': runs.markStuck,
  'runs.clearStuck': runs.clearStuck,
  'runs.checkAllSoon': sweep.checkAllSoon,
  'runs.restartForgotten': runs.restartForgotten,
  'runs.repair': sweep.repair,
  'ledger.claim': ledger.claim,
  'ledger.takeOver': ledger.takeOver,
  'ledger.markSending': ledger.markSending,
  'ledger.settle': ledger.settle,
  'ledger.settleAndWait': ledger.settleAndWait,
  'ledger.lockUndone': undo.lockUndone,
  'ledger.forbid': undo.forbid,
  'ledger.markUndone': undo.markUndone,
  'ledger.claimUndo': undo.claimUndo,
  'ledger.find': undo.find,
  'effects.lockRuns': ledger.lockRuns,
  'effects.settle': ledger.settleByPerson,
  'stops.find': ledger.findStop,
  'entities.lock': entities.lock,
  'entities.insert': entities.insert,
  'entities.update': entities.update,
  'switches.set': entities.setSwitch,
  'switches.clear': entities.clearSwitch,
  'test.book': entities.book,
  'test.unbook': entities.unbook,
};
