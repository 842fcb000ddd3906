import type { OxlintConfig } from 'oxlint';
import { lintRules } from '../../scripts/lint/lint-rules.ts';

/** The project's own rules, without the line that keeps them away from here. */
const config: OxlintConfig = lintRules;

export default config;
