const FRAME = /([\w.-]+\.ts:\d+:\d+)\)?$/;
const MAX_LENGTH = 500;

/**
 * Says what somebody's code threw without quoting a payload: of a plain `Error`, whose text a developer wrote, the message; of the
 * engine's own errors, which may quote the value that they failed on, only the name and the place.
 */
export function sayThrown(error: unknown): string {
  if (!(error instanceof Error)) return `a ${typeof error}`;
  if (error.constructor === Error) return error.message.slice(0, MAX_LENGTH);
  const place = placeOf(error);
  return `${error.constructor.name}${place === undefined ? '' : ` at ${place}`}`;
}

/** File and line of the innermost frame in TypeScript; the message is cut off first, since it could look like a frame. */
function placeOf({ stack = '', message }: Error): string | undefined {
  const frames = stack.slice(stack.indexOf(message) + message.length).split('\n');
  return frames.map((frame) => FRAME.exec(frame)?.[1]).find((place) => place !== undefined);
}
