/** One selector of an expression: `hookline_runs{state="failed"}`. */
export interface Selector {
  readonly name: string;
  readonly matchers: readonly { readonly label: string; readonly operator: string; readonly value: string }[];
}

/** What the tests look at of an expression. */
export interface Expression {
  readonly selectors: readonly Selector[];
  /** Labels that are named beside selectors: by, on, group_left. */
  readonly grouped: readonly string[];
}

const WORDS = new Set(['and', 'or', 'unless', 'by', 'without', 'on', 'ignoring', 'group_left', 'group_right', 'bool', 'offset']);
const LISTS = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right']);
const CLOSES = new Map([
  [')', '('],
  ['}', '{'],
  [']', '['],
]);
const TOKEN = /"(?:[^"\\]|\\.)*"|\[[^\]]*\]|\$__rate_interval|[a-zA-Z_:][\w:]*|\d[\w.]*|[=!<>~]+|[-+*/%^(){}[\],]|\s+|./gs;

/**
 * Reads an expression of PromQL as far as that: promtool, which CI runs on the same files, is the one that parses it. Throws where a
 * bracket or a text is not closed.
 */
export function readPromql(text: string): Expression {
  const tokens = [...text.matchAll(TOKEN)].map(([token]) => token).filter((token) => token.trim() !== '');
  checkBrackets(tokens, text);
  const selectors: Selector[] = [];
  const grouped: string[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const [token = '', next = ''] = [tokens[at], tokens[at + 1]];
    if (!/^[a-zA-Z_:]/.test(token)) continue;
    if (LISTS.has(token) && next === '(') {
      const end = tokens.indexOf(')', at);
      grouped.push(...tokens.slice(at + 2, end).filter((one) => one !== ','));
      at = end;
    } else if (next === '{') {
      const end = tokens.indexOf('}', at);
      selectors.push({ name: token, matchers: toMatchers(tokens.slice(at + 2, end)) });
      at = end;
    } else if (!WORDS.has(token) && next !== '(' && !LISTS.has(next)) {
      selectors.push({ name: token, matchers: [] });
    }
  }
  return { selectors, grouped };
}

function checkBrackets(tokens: readonly string[], text: string): void {
  const open: string[] = [];
  for (const token of tokens) {
    if ('({['.includes(token)) open.push(token);
    if (CLOSES.has(token) && open.pop() !== CLOSES.get(token)) throw new Error(`a \`${token}\` that opens nowhere: ${text}`);
    if (/^["$']/.test(token) && !/^"(?:[^"\\]|\\.)*"$|^\$__rate_interval$/.test(token)) throw new Error(`a \`${token}\` alone: ${text}`);
  }
  if (open.length > 0) throw new Error(`a \`${open.at(-1)}\` that is not closed: ${text}`);
}

function toMatchers(tokens: readonly string[]): Selector['matchers'] {
  return tokens.flatMap((label, at) => {
    const [operator = '', value = ''] = tokens.slice(at + 1, at + 3);
    return /^\w+$/.test(label) && /^[=!]/.test(operator) ? [{ label, operator, value: String(JSON.parse(value)) }] : [];
  });
}
