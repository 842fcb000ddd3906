/** A time as a person at this machine reads it, in its time zone: `24 Nov 2026, 06:29:26`. Text that is no time stays as it is. */
export function toLocalTime(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  return FORMAT.format(time);
}

const FORMAT = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
