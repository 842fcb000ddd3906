import type { OxlintConfig } from 'oxlint';
import { lintRules } from './scripts/lint/lint-rules.ts';

// The servers of the benchmark import peers, which only the benchmark installs.
const peers = ['bench/node_modules/**', 'bench/.venv/**', 'bench/servers/**'];
// The fixtures are bad on purpose: only their test, which sets the variable, looks at them.
const fixtures = process.env['HOOKLINE_LINT_FIXTURES'] === '1' ? [] : ['test/lint-fixtures/**'];

const config: OxlintConfig = { ...lintRules, ignorePatterns: ['dist/**', 'coverage/**', ...peers, ...fixtures] };

export default config;
