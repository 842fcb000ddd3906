/** One answer as it came over the wire. */
export interface HeardAnswer {
  readonly status: number;
  /** In lower case. */
  readonly headerNames: readonly string[];
  readonly body: string;
  /** Whether the connection ends behind it. */
  readonly closes: boolean;
}

/** The whole answers at the beginning of what came, and what is left behind them. */
export interface HeardAnswers {
  readonly answers: readonly HeardAnswer[];
  readonly rest: Buffer;
}

const HEAD_END = '\r\n\r\n';
const STATUS_LINE = /^HTTP\/1\.1 (\d{3}) [^\r\n]*$/;

/** Reads answers strictly: what is no answer stays in the rest. Interim ones (1xx) are left out. */
export function readAnswers(received: Buffer, { bodiless }: { readonly bodiless: boolean }): HeardAnswers {
  const answers: HeardAnswer[] = [];
  let rest = received;
  for (;;) {
    const end = rest.indexOf(HEAD_END);
    if (end < 0) return { answers, rest };
    const [statusLine = '', ...lines] = rest.toString('latin1', 0, end).split('\r\n');
    const status = Number(STATUS_LINE.exec(statusLine)?.[1]);
    if (Number.isNaN(status)) return { answers, rest };
    const headers = lines.map(
      (line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()] as const,
    );
    const byName = new Map(headers);
    const length = bodiless ? 0 : Number(byName.get('content-length') ?? 0);
    const next = end + HEAD_END.length + length;
    if (rest.length < next) return { answers, rest };
    if (status >= 200)
      answers.push({
        status,
        headerNames: headers.map(([name]) => name),
        body: rest.toString('utf8', next - length, next),
        closes: byName.get('connection') === 'close',
      });
    rest = rest.subarray(next);
  }
}
