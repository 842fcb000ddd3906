import type { OxlintConfig } from 'oxlint';
import { lintRules } from './scripts/lint/lint-rules.ts';

const config: OxlintConfig = { ...lintRules, ignorePatterns: ['dist/**', 'coverage/**', 'test/lint-fixtures/**'] };

export default config;
