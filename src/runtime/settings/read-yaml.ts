import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { LineCounter, isAlias, isNode, parseDocument } from 'yaml';
import type { Node } from 'yaml';
import type { SettingsProblem } from './settings-problem.ts';

/** A parsed settings file whose nodes know their lines. */
export interface YamlFile {
  /** Null for an empty file. */
  readonly root: Node | null;
  /** Where relative paths in it start. */
  readonly folder: string;
  /** `hookline.yaml:12`. */
  whereOf(node: unknown): string;
  /** The node that an alias stands for; any other as it is. */
  follow(node: unknown): unknown;
}

/** A file, or what is wrong with it. */
export type YamlReading =
  | { readonly ok: true; readonly yaml: YamlFile }
  | { readonly ok: false; readonly problems: readonly SettingsProblem[] };

const MAX_BYTES = 1024 ** 2;
const MAX_PROBLEMS = 20;

/** Reads a YAML 1.2 file of at most 1 MiB, its path relative to `cwd`; problems in place of it where it cannot be read or is no YAML. Never throws for bad input. */
export function readYaml(file: string, cwd: string): YamlReading {
  const path = resolve(cwd, file);
  const text = readText(path);
  if (text instanceof Error) {
    const code = 'code' in text ? String(text.code) : text.message;
    const got = code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'bytes that are not UTF-8' : code;
    return { ok: false, problems: [{ code: 'settings.unreadable', expected: 'a readable file', got, where: file }] };
  }
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const whereAt = (offset: number | undefined): string =>
    offset === undefined ? file : `${file}:${Math.max(1, lineCounter.linePos(offset).line)}`;
  const complaints = [...document.errors, ...document.warnings];
  if (complaints.length > 0) {
    // what the parser quotes may be a secret
    const problems = complaints.slice(0, MAX_PROBLEMS).map(({ message, pos }): SettingsProblem => ({
      code: 'settings.yaml',
      expected: 'YAML 1.2',
      got: `"${message.replace(/["'`].*["'`]/gs, '…').split('\n')[0] ?? ''}"`,
      where: whereAt(pos[0]),
    }));
    return { ok: false, problems };
  }
  return {
    ok: true,
    yaml: {
      root: document.contents,
      folder: dirname(path),
      whereOf: (node) => whereAt(isNode(node) ? node.range?.[0] : undefined),
      follow: (node) => (isAlias(node) ? node.resolve(document) : node),
    },
  };
}

function readText(file: string): string | Error {
  try {
    const { size } = statSync(file);
    if (size > MAX_BYTES) return new Error(`${size} bytes, more than ${MAX_BYTES}`);
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
