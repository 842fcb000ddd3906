const LAST_IMPORT = /^import type \{ RecordedCase \}.*\n/m;
const END = /^\};\n(?![\s\S]*^\};\n)/m;

/**
 * The text of scripts/record/cases.ts with the cases of one more chain; `undefined` where it has not the form that this knows.
 */
export function registerCases(text: string, { file, camel }: { readonly file: string; readonly camel: string }): string | undefined {
  if (!LAST_IMPORT.test(text) || !END.test(text)) return undefined;
  const key = file === camel ? file : `'${file}'`;
  return text
    .replace(LAST_IMPORT, (last) => `import { ${camel}Cases } from './cases/${file}.ts';\n${last}`)
    .replace(END, (end) => `  ${key}: ${camel}Cases,\n${end}`);
}
