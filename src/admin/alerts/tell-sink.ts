import { EffectFailure } from '../../activities/effect-failure.ts';
import { codeOf } from '../../contracts/errors.ts';
import type { Log } from '../../contracts/names.ts';
import { settleMessage } from '../../store/alert-messages.ts';
import type { AlertMessage } from '../../store/alert-messages.ts';
import type { Pool } from '../../store/pool.ts';
import type { AlertSink } from './alert-sink.ts';

/** One sending. */
export interface Telling {
  readonly pool: Pool;
  readonly sink: AlertSink;
  readonly message: AlertMessage;
  readonly log: Log;
  /** The code of each sink's last failure, so that one that goes on is no flood in the log; changed here. */
  readonly failures: Map<string, string>;
  /** Ends the sending. */
  readonly signal: AbortSignal;
}

/** How often a message is sent of which nobody knows whether it has arrived, before it is taken as told. */
const MOST_TRIES = 3;
const TIMEOUT_MS = 15_000;

/**
 * Sends a message, within 15 s, and writes down what the receiver knows now. One that has surely not arrived is given up, so that the
 * next look decides anew; one that may have is sent again as it is, three times at most. Rejects only where PostgreSQL cannot be written.
 */
export async function tellSink({ pool, sink, message, log, failures, signal }: Telling): Promise<void> {
  const { kind } = sink;
  try {
    await sink.send(message, AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]));
  } catch (err) {
    const happened = err instanceof EffectFailure ? err.happened : 'unknown';
    const told = happened === 'unknown' && message.tries >= MOST_TRIES;
    const code = codeOf(err);
    const facts = { component: 'alerts', sink: kind, code, count: message.items.length, attempt: message.tries, err };
    if (told) log.error(facts, 'nobody knows whether an alert has arrived; it is not sent again');
    else log[failures.get(sink.name) === code ? 'debug' : 'warn'](facts, 'an alert could not be told; it is tried again at the next look');
    failures.set(sink.name, code);
    if (told || happened === 'no') await settleMessage(pool, message, { told });
    return;
  }
  failures.delete(sink.name);
  await settleMessage(pool, message, { told: true });
  for (const { rule, target, count, state } of message.items)
    log.info({ component: 'alerts', sink: kind, rule, target, count, state }, 'alert told');
}
