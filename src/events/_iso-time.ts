const ISO_TIME = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:?\d\d)?)?$/;

/** The time of an ISO 8601 text: a date, or date and time; without a zone it is UTC, never this machine's. `undefined` for other texts. */
export function parseIsoTime(text: string): Date | undefined {
  const match = ISO_TIME.exec(text);
  if (match === null) return undefined;
  const [, day, clock, zone = 'Z'] = match;
  const time = new Date(clock === undefined ? `${day}T00:00Z` : `${day}T${clock}${zone}`);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
