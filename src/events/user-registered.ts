import { fromClerkUser } from './_clerk-user.ts';
import { fromGenericUser } from './_generic-user.ts';
import { user } from './_user.ts';
import { defineEvent } from './define-event.ts';

/** Somebody has made an account. */
export default defineEvent({
  type: 'user.registered',
  schema: user,
  entity: (data) => ({ type: 'user', id: data.id }),
  order: { by: 'registeredAt' },
  from: {
    hookline: { 'user.registered': fromGenericUser },
    'standard-webhooks': { 'user.created': fromClerkUser },
  },
});
