import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { commands } from '../../src/cli/commands.ts';
import { textOf } from './compose-file.ts';
import { unknownNames } from './unknown-names.ts';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: string };
  readonly annotations: Readonly<Record<'summary' | 'description' | 'runbook', string>>;
}
interface RulesTest {
  readonly alert_rule_test: readonly { readonly alertname: string; readonly exp_alerts: readonly object[] }[];
}

const read = <Shape>(file: string): Shape => parse(textOf(`deploy/prometheus/${file}`)) as Shape; // promtool checks the form
const rules = read<{ groups: readonly { readonly rules: readonly Rule[] }[] }>('alerts.yml').groups.flatMap((group) => group.rules);
const played = read<{ tests: readonly RulesTest[] }>('alerts.test.yml').tests.flatMap((test) => test.alert_rule_test);
const operations = textOf('docs/operations.md');
const anchors = [...operations.matchAll(/^##+ (.+)$/gm)].map(([, title = '']) =>
  title
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replace(/\s/g, '-'),
);
const each = rules.map((rule) => [rule.alert, rule] as const);

describe('deploy/prometheus/alerts.yml', () => {
  it('has alerts, each with a name of its own', () => {
    expect(rules.length).toBeGreaterThan(15);
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  });

  it.each(each)('%s asks for metrics and labels that are measured', (_name, { expr }) => {
    expect(unknownNames(expr)).toEqual([]);
  });

  it.each(each)('%s waits before it fires, and says how bad it is, what it is and what to do', (_name, rule) => {
    expect(rule.alert).toMatch(/^Hookline[A-Z]/);
    expect(rule.for).toMatch(/^\d+[mh]$/);
    expect(['warning', 'critical']).toContain(rule.labels.severity);
    expect(Object.keys(rule.annotations)).toEqual(['summary', 'description', 'runbook']);
  });

  it.each(each)('%s is played by alerts.test.yml, firing and not firing', (name) => {
    const ofRule = played.filter(({ alertname }) => alertname === name);
    expect(ofRule.some(({ exp_alerts: fired }) => fired.length > 0)).toBe(true);
    expect(ofRule.some(({ exp_alerts: fired }) => fired.length === 0)).toBe(true);
  });

  it('is all that alerts.test.yml plays', () => {
    expect([...new Set(played.map(({ alertname }) => alertname))].toSorted()).toEqual(rules.map(({ alert }) => alert).toSorted());
  });

  it.each(each)('%s leads to a heading of docs/operations.md', (_name, { annotations: { runbook } }) => {
    const [page, anchor] = runbook.split('#');
    expect(page).toBe('docs/operations.md');
    expect(anchors).toContain(anchor);
  });

  it.each(each)(
    '%s names commands that docs/operations.md shows, with options that they have',
    (_name, { annotations: { description } }) => {
      const program = new Command();
      for (const addTo of commands) addTo(program);
      const named = [...description.matchAll(/`hookline ([^`]+)`/g)].map(([, line = '']) => line.split(' '));
      expect(named).not.toEqual([]);
      for (const [name, ...words] of named) {
        expect(operations).toMatch(new RegExp(`^npm run hookline -- ${name}\\b`, 'm'));
        const options = program.commands.find((command) => command.name() === name)?.options.map(({ long }) => long);
        expect(options).toEqual(expect.arrayContaining(words.filter((word) => word.startsWith('--'))));
      }
    },
  );
});

describe('deploy/prometheus', () => {
  it.each(['prometheus.yml', 'one-machine.yml'])('%s has the rules read, and calls its job as they do', (file) => {
    const config = read<{ rule_files: readonly string[]; scrape_configs: readonly { readonly job_name: string }[] }>(file);
    expect(config.rule_files).toEqual(['alerts.yml']);
    expect(config.scrape_configs.map(({ job_name: job }) => job)).toEqual(['hookline']);
    const jobs = rules.flatMap(({ expr }) => [...expr.matchAll(/job="(\w+)"/g)].map(([, job]) => job));
    expect(new Set(jobs)).toEqual(new Set(['hookline']));
  });

  it('scrapes beyond loopback by TLS and with a token only', () => {
    const { scrape_configs: jobs } = read<{
      scrape_configs: readonly { scheme?: string; authorization?: object; tls_config?: Readonly<Record<string, unknown>> }[];
    }>('prometheus.yml');
    for (const { scheme, authorization, tls_config: tls } of jobs) {
      expect(scheme).toBe('https');
      expect(authorization).toEqual({ credentials_file: 'secrets/token' });
      expect(tls).toEqual({ ca_file: 'secrets/ca.crt', server_name: 'hookline' });
    }
  });
});
