import type { AlertMessage } from '../../store/alert-messages.ts';

/** Somebody who is told. */
export interface AlertSink {
  /** Stands for the receiver in PostgreSQL: `post`, or `mail:` and an address. */
  readonly name: string;
  /** What logs call it. */
  readonly kind: 'mail' | 'post';
  /**
   * Resolves when the receiver has taken the message; the same message is the same to the receiver however often it is sent. Throws an
   * `EffectFailure` that tells whether it may have arrived.
   */
  send(message: AlertMessage, signal: AbortSignal): Promise<void>;
}
