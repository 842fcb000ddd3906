import type { Progress } from './progress.ts';

/** What a way of fetching the Temporal CLI gets. */
export interface FetchContext {
  /** An empty folder of its own; removed afterwards. */
  readonly dir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly progress: Progress;
  /** As Node names it: `linux`, `darwin`. */
  readonly platform: string;
  /** As Node names it: `x64`, `arm64`. */
  readonly arch: string;
  readonly signal: AbortSignal | undefined;
}

/** What a way of fetching gives: an executable in its folder, or one line that says why not. */
export type Fetched = { readonly ok: true; readonly path: string } | { readonly ok: false; readonly reason: string };
