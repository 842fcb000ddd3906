import { toCaseId, type TortureCase } from './io-site.ts';
import type { Life } from './live-once.ts';

/** Calls around which nobody can know whether the mail went out: from the word that it is being sent to the word that it was. */
const MAIL_UNKNOWN = [/^worker ledger\.markSending#1 killAfter$/, /^worker mail message#1 /, /^worker ledger\.settle#2 /] as const;

/** What is not as promised in one life: all of it, and not too late, save for a mail of which nobody can know. */
export function judgeLife(one: TortureCase, { run, waitsFor }: Life): readonly string[] {
  if (waitsFor !== undefined) return [`waits for ${waitsFor}${run === undefined ? '' : `, and is ${run.state} ${run.code ?? ''}`}`];
  if (run?.state === 'done') return [];
  if (run?.code === 'effect.unknown' && MAIL_UNKNOWN.some((id) => id.test(toCaseId(one)))) return [];
  return [`is ${run?.state ?? 'no run'} ${run?.code ?? ''}`];
}
