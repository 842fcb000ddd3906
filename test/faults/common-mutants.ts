import type { FaultMutant } from './fault-row.ts';

/** What the promise of an acknowledgement rests on. */
export const EARLY_ANSWER: FaultMutant = {
  file: 'src/store/inbox.ts',
  find: 'const { added, sameBodyAs } = await insertBatch(pool, batch);',
  replace:
    'const { added, sameBodyAs } = { added: new Set(mentions.map(({ event }) => event.uuid)), sameBodyAs: new Map<number, string>() }; setTimeout(() => void insertBatch(pool, batch).catch(() => undefined), 300);',
  means: 'a delivery is acknowledged before its commit',
};
/** What makes one event of many copies. */
export const OWN_IDS: FaultMutant = {
  file: 'src/contracts/ids.ts',
  find: 'return PLAIN_ID.test(providerId) && !isHashedId(providerId) ? providerId : `x-${base32(sha256(providerId))}`;',
  replace: 'return `${providerId}-${randomBytes(6).toString("hex")}`;',
  means: 'every delivery is an event of its own',
};
