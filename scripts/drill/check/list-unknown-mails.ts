import { toPlace, type JoinedFacts } from '../join-facts.ts';
import type { UnknownMail } from '../verdict.ts';

/** Every mail of which nobody knows whether it went out, one by one; what the mail server has taken tells whoever asks it. */
export function listUnknownMails({ events, performed }: JoinedFacts): readonly UnknownMail[] {
  return events.flatMap(({ sent, effects }) => {
    const to = sent.expects.filter(({ vendor }) => vendor === 'mail').map(({ about }) => about);
    return effects
      .filter(({ action, state }) => action.startsWith('email.') && (state === 'unknown' || state === 'sending'))
      .map(({ action }) => ({
        eventId: sent.id,
        action,
        to,
        taken: to.reduce((sum, about) => sum + (performed.get(toPlace('mail', about))?.length ?? 0), 0),
      }));
  });
}
