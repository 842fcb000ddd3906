/** What our processes reach over the network. */
export const LINES = ['temporal', 'postgres', 'mail', 'warehouse', 'crm', 'team'] as const;

/** One of them. */
export type Line = (typeof LINES)[number];

/**
 * How a line is broken. `slow`: every answer is 1 to 3 s late. `silent`: what we say arrives, and no answer ever does. `dropping`: what
 * we say arrives, and in place of an answer the connection ends.
 */
export type LineFault = 'slow' | 'silent' | 'dropping';

/** The network between our processes and everything else. */
export interface DrillNetwork {
  /** Where our processes find something that is at `host:port`. */
  addressOf(line: Line): string;
  /** Breaks a line until it is mended; connections that are open are broken too. One fault at a time. */
  break(line: Line, fault: LineFault): void;
  /** Ends every connection of a line at once, whatever is still to be said; new ones are taken. */
  cut(line: Line): void;
  /** Takes the fault of a line away, where it has one. Connections that were silent end, since bytes of theirs are gone. */
  mend(line: Line): void;
  close(): Promise<void>;
}

/** A network without anything in between, for drills that break none of it. */
export function directNetwork(addresses: Readonly<Record<Line, string>>): DrillNetwork {
  const refuse = (): never => {
    throw new Error('a drill that breaks the network says so in its `needs`');
  };
  return { addressOf: (line) => addresses[line], break: refuse, cut: refuse, mend: () => {}, close: async () => {} };
}
