import type { ErrorEntry } from './errors.ts';

const final = (means: string, fix: string): ErrorEntry => ({ retryable: false, means, fix });
const passing = (means: string, fix: string): ErrorEntry => ({ retryable: true, means, fix });
const answer = (status: number, means: string, fix: string): ErrorEntry => ({ status, retryable: status >= 500, means, fix });

/** The one table of errors, sorted by area. Codes are `area.reason`, stable, and never reused for another meaning. */
export const errorTable = {
  // the public listener: refusals before anything was verified
  'source.unknown': answer(404, 'no source has the name in the path', 'post to `/webhooks/<source>` of a configured source'),
  'source.addressRefused': answer(
    403,
    "the sender's address is not on the list of the source",
    'add the address to `allow` of the source; behind a proxy, see `ingress.trustProxy`',
  ),
  'source.rateLimited': answer(
    429,
    'the source sends more than its `rateLimit`',
    'none: the provider sends it again; raise `rateLimit` of the source where the traffic is wanted',
  ),
  'method.notAllowed': answer(405, 'a source takes POST only', 'send the webhook as POST'),
  'request.timeout': answer(408, 'the request was not complete in time', 'send head and body without pauses'),
  'request.tooLarge': answer(413, 'the body is larger than the limit', 'raise `ingress.bodyLimit`, or have the provider send less'),
  'request.encodingRefused': answer(415, 'the body has a content encoding', 'send the body uncompressed'),
  'request.headersTooLarge': answer(431, 'the headers are too many or too large', 'send fewer headers'),
  'request.malformed': answer(400, 'the request is not well-formed HTTP', 'send HTTP/1.1 as RFC 9112 has it'),
  'request.aborted': answer(
    400,
    'the sender closed the connection before its request was complete',
    'send head and body whole; check time limits of the sender and of proxies',
  ),

  // verification: one constant answer outside, the cause in our records
  'signature.missing': answer(
    401,
    'the signature header is absent',
    "configure the provider's webhook secret, and check that a proxy keeps the header",
  ),
  'signature.duplicate': answer(401, 'the signature header stands more than once', 'find out which proxy adds a second one'),
  'signature.malformed': answer(401, 'the signature has not the form of the provider', 'check that the source names the right provider'),
  'signature.mismatch': answer(
    401,
    'no live secret of the source makes this signature',
    "set the source's secret to the provider's, and check that no proxy changes the body",
  ),
  'signature.stale': answer(
    401,
    'the signature is right, and its time too far from ours',
    "check this machine's clock and for what holds deliveries up, or raise `toleranceSeconds` of the source",
  ),

  // signed, but not well-formed
  'body.notUtf8': answer(400, 'the body is not UTF-8', 'send JSON as UTF-8 (RFC 8259, 8.1)'),
  'body.notJson': answer(400, 'the body is not JSON', 'send one JSON value (RFC 8259)'),
  'body.notForm': answer(400, 'the body is not the form that the provider sends', "choose JSON as the webhook's content type"),
  'body.tooDeep': answer(400, 'the JSON nests deeper than the limit', 'send flatter JSON'),
  'body.tooManyKeys': answer(400, 'the JSON has more keys than the limit', 'send smaller JSON'),
  'body.tooManyValues': answer(400, 'the JSON has more values than the limit', 'send smaller JSON'),
  'body.forbiddenKey': answer(400, 'the JSON has a key that would change prototypes', 'leave `__proto__` and `constructor.prototype` out'),
  'event.idMissing': answer(400, 'the event has no id', 'send one where the source looks for it, or set `id: bodyHash` on the source'),
  'event.typeMissing': answer(400, 'the event has no type', 'send one where the source looks for it, or set `type` on the source'),
  'event.typeInvalid': answer(400, 'the event type is not a name', 'send 1 to 200 visible ASCII characters'),

  // signed and well-formed, and held: 200
  'event.held': final('the source, or everything, is held by an operator', '`hookline release` when it may go on'),

  // signed and well-formed, and not wanted: 200 and ignored
  'event.typeExcluded': final(
    'the source does not let events of this type go to chains',
    'change `include` or `exclude` of the source, then `hookline replay`',
  ),

  // signed, and signed before
  'event.sameBody': final(
    'the same signed body has come under another id',
    'find out whether somebody sends captured requests again; set `sameBody: refuse` on the source to keep them out, `allow` where equal bodies are separate facts',
  ),
  'event.bodyReplayed': answer(
    400,
    'the same signed body was taken before, under another id',
    'none if it was sent again; set `sameBody: flag` on the source where equal bodies are separate facts',
  ),

  // signed and well-formed, ours to solve: 200 and quarantined
  'event.mapFailed': final(
    "the payload could not be turned into the event type's shape",
    "compare the payload with the event's file in `src/events`, then `hookline replay`",
  ),
  'event.schemaMismatch': final(
    "the payload does not fit the event type's schema",
    "compare the complaint with the event's file in `src/events`, then `hookline replay`",
  ),
  'event.fromFuture': final(
    'the event claims to be more than 5 minutes ahead of its receipt',
    "check the provider's clock and ours, then `hookline replay`",
  ),
  'event.dataTooLarge': final('the projected data are larger than a run may carry', 'have the schema name less, then `hookline replay`'),
  'event.bodyGone': final('the body of the event is no longer kept', 'have the provider send it again, or raise `retention.bodyDays`'),
  'route.whenFailed': final("a chain's `when` threw", "mend `when` in the chain's file, then `hookline replay`"),

  // ours: nothing durable could take the event
  'inbox.unavailable': answer(503, 'PostgreSQL did not commit the event', 'see `hookline doctor`; the provider sends it again'),
  'inbox.full': answer(503, 'too many deliveries wait for PostgreSQL', 'give PostgreSQL a faster disk, or run fewer other things on it'),
  'ingress.draining': answer(503, 'this process is shutting down', 'none: the provider sends it again'),

  // runs
  'run.idTaken': final(
    'the workflow id belongs to a run of another event',
    'find out who starts workflows beside Hookline, then `hookline replay`',
  ),
  'run.outcomeLost': final('Temporal has forgotten the run, and its outcome is unknown', 'look at its effects, then `hookline replay`'),
  'run.startRefused': final('Temporal refuses to start this run', 'see the detail; mend the cause, then `hookline replay`'),
  'run.cancelled': final('a person cancelled the run; what it had done was undone', 'none, or `hookline replay`'),
  'run.terminated': final(
    'a person terminated the run; nothing was undone',
    'see `hookline events <id>` for what it had done, then `hookline replay`',
  ),
  'run.timedOut': final('the run did not end in its time', 'look at it in the Temporal UI, then `hookline replay`'),
  'run.taskFailing': passing(
    'Temporal cannot carry the run on: its workflow task fails again and again',
    'see the detail; deploy workers with the code that it began with, or with its chain mended: it goes on by itself',
  ),
  'chain.bug': final("the chain's code threw", "mend the chain's file, then `hookline replay`"),
  'chain.blocked': passing(
    "a chain's code has kept its thread busy for five seconds",
    "end the loop in the chain's file, and deploy it: its runs go on by themselves",
  ),
  'chain.unknown': passing('this worker does not know the chain', 'deploy the worker that has it, or remove the route'),

  // actions and their ledger
  'action.paused': passing(
    'an operator has paused the source, the chain, the agent or the adapter, or everything is held',
    '`hookline resume` or `hookline release` when it may go on',
  ),
  'action.waiting': passing(
    'the vendor has asked to be left alone for a while (`Retry-After`)',
    'none: it goes on by itself when the time is over; `hookline resume adapter <name>` ends the wait',
  ),
  'action.failed': final('an action failed for good', 'see the detail, mend the cause, then `hookline replay`'),
  'action.gaveUp': final('an action did not succeed within its patience', 'see the detail, mend the cause, then `hookline replay`'),
  'effect.unknown': final(
    'nobody knows whether the effect has happened, and it must not happen twice',
    'find out at the receiver, then `hookline resolve`',
  ),
  'effect.fenced': final('a later attempt of the run owns this effect', 'none: the later attempt goes on'),
  'ledger.inputChanged': final(
    'the same effect was asked for with another input',
    'give the action an explicit `key`, or a new chain name',
  ),
  'ledger.undone': final('the effect was undone in this same run', 'none: a repair does it again'),
  'undo.failed': final('what the run had done could not be undone', 'undo by hand what the detail lists as owed, then `hookline replay`'),

  // stories
  'payment.otherOrder': final(
    'the payment was counted for another order before, and one payment pays one order',
    'find out at the payment provider which order it belongs to, and mend its reference',
  ),
  'crm.unsettled': final(
    'the customer changed each time that the profile was sent',
    'none if later changes were sent: see the newest event of the customer; else `hookline replay`',
  ),

  // the outside world
  'mail.refused': final(
    'the mail server refused the mail for good',
    'see the server’s reply; mend the address or the sender, then `hookline replay`',
  ),
  'mail.unavailable': passing('the mail server did not take the mail', 'check `mail.smtp` and the server'),
  'http.blocked': final('the address is one that outbound calls may not reach', 'use a public address, or list it in `http.allow`'),
  'http.refused': final('the receiver refused the call for good', 'see the status; mend the cause, then `hookline replay`'),
  'http.unavailable': passing('the receiver did not take the call', 'check the receiver'),

  // settings
  'settings.unreadable': final('the settings file could not be read', 'check the path given to `--config`'),
  'settings.yaml': final('the settings file is not YAML', 'mend the line'),
  'settings.unknown': final('there is no such setting', 'see `docs/settings.md`'),
  'settings.wrong': final('a setting has a value that it cannot have', 'see `docs/settings.md`'),
  'settings.variableMissing': final('a setting names an environment variable that is not set', 'set the variable'),
  'settings.secretLiteral': final('a secret stands in the settings file itself', 'write `${NAME}` or `{ file: path }`'),
  'settings.secretWeak': final('a secret is empty, short or a placeholder', 'take 32 random bytes: `openssl rand -hex 32`'),

  // the stack on this machine
  'postgres.unavailable': passing('PostgreSQL could not be reached', 'check `DATABASE_URL` and the server'),
  'postgres.schemaNewer': final(
    'the database was made by a newer Hookline',
    'run that version, or name another database in `DATABASE_URL`',
  ),
  'postgres.migrationBlocked': passing(
    'a migration did not get the lock that it needs',
    'end the transaction that is named, and start again: nothing was changed',
  ),
  'postgres.startFailed': final('the embedded PostgreSQL did not start', 'see the log in the data folder'),
  'temporal.unavailable': passing('Temporal could not be reached', 'check `TEMPORAL_ADDRESS` and the server'),
  'temporal.shedding': passing(
    'Temporal takes no more requests just now',
    'none: starts go on more slowly; raise its limits (`frontend.namespaceRPS`) where that is too slow',
  ),
  'temporal.cliMissing': final('no Temporal CLI could be found or fetched', 'put `temporal` on PATH, or name it in `TEMPORAL_CLI`'),
  'temporal.startFailed': final('the embedded Temporal server did not start', 'see the log in the data folder'),
  'stack.alreadyRunning': final('another `hookline up` uses this data folder', 'stop it, or give `--data` another folder'),
  'stack.notRunning': final('no running stack was found', 'start one with `npm start`'),
  'stack.portTaken': final('the port is in use', 'stop what uses it, or give another'),

  // the admin API
  'api.unauthenticated': answer(
    401,
    'no valid token came with the request',
    'send `Authorization: Bearer <token>`; `hookline token add` makes one',
  ),
  'api.forbidden': answer(403, 'the token may not do this', 'use a token with the role that is expected, or with the right to payloads'),
  'api.badRequest': answer(400, 'the request is not as the API has it', 'compare it with `docs/openapi.json`'),
  'api.notFound': answer(404, 'nothing has this id or path', 'list what there is, and copy its id'),
  'api.conflict': answer(409, 'the thing is not in a state that allows this', 'see the detail, and look at it again'),
  'api.tooSlow': answer(
    503,
    'PostgreSQL did not answer the question in its time',
    'ask for less: narrow it by `source`, `since` or `until`',
  ),
  'api.wrongHost': answer(421, 'the request names a host that this listener does not serve', 'use its address, or name it in `admin.host`'),
  'api.unreachable': passing(
    'the admin API could not be reached',
    'check `--api` or `HOOKLINE_API`, and that `hookline admin` or `up` runs there',
  ),
  'api.badReply': final(
    'what was answered is not as this version knows the admin API',
    'check that the address is that of the admin API, and that Hookline has the same version here and there',
  ),

  // the command line
  'cli.usage': final('the command line is not understood', 'see `hookline --help`'),
  'cli.notFound': final('nothing has this id', 'see `hookline events`'),
  'bug.unexpected': final('something happened that Hookline has no name for', 'please report it with the log line'),
} as const satisfies Record<string, ErrorEntry>;
