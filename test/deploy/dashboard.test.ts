import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { metricsTable } from '../../src/contracts/metrics-table.ts';
import { textOf } from './compose-file.ts';
import { readPromql } from './promql.ts';
import { unknownNames } from './unknown-names.ts';

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: { readonly uid: string };
  readonly gridPos: Readonly<Record<'x' | 'y' | 'w' | 'h', number>>;
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
}
interface Dashboard {
  readonly uid: string;
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
  readonly annotations: { readonly list: readonly { readonly expr: string }[] };
}

const dashboard = JSON.parse(textOf('deploy/grafana/hookline.json')) as Dashboard; // every part that is used is looked at
const rows = dashboard.panels.filter(({ type }) => type === 'row');
const panels = dashboard.panels.filter(({ type }) => type !== 'row');
const targets = panels.flatMap(({ title, targets: all = [] }) => all.map((target) => [title, target.expr, target.legendFormat] as const));

describe('deploy/grafana/hookline.json', () => {
  it('goes from whether all is well to the single process', () => {
    expect(rows.map(({ title }) => title)).toEqual([
      'Is it healthy?',
      'Traffic',
      'Acknowledgement',
      'Inbox',
      'Runs',
      'Actions',
      'Effects and mails',
      'Temporal',
      'Process',
    ]);
    expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(41);
  });

  it.each(panels.map((panel) => [panel.title, panel] as const))('panel %s has a unit, a description and a source', (_title, panel) => {
    expect(panel.fieldConfig?.defaults.unit).toMatch(/^[a-z_]+$/);
    expect(panel.description).toMatch(/^[A-Z0-9].{20,}/);
    expect(panel.datasource?.uid).toBe('${datasource}');
    expect(panel.targets).not.toEqual([]);
  });

  it.each(targets)('panel %s asks for what is measured: %s', (_title, expr, legend) => {
    expect(unknownNames(expr)).toEqual([]);
    for (const [, label] of legend.matchAll(/\{\{(\w+)\}\}/g)) expect(expr).toMatch(new RegExp(`\\b${label}\\b|job="hookline"`));
  });

  it('shows every metric of the table', () => {
    const shown = targets.flatMap(([, expr]) => readPromql(expr).selectors.map(({ name }) => name.replace(/_(?:bucket|sum|count)$/, '')));
    expect(Object.keys(metricsTable).filter((name) => !shown.includes(name))).toEqual([]);
  });

  it('lets a source and a chain be chosen, by labels that are there', () => {
    const queries = dashboard.templating.list.flatMap(({ name, definition }) => (definition === undefined ? [] : [[name, definition]]));
    expect(queries).toEqual([
      ['source', 'label_values(hookline_ingress_deliveries_total, source)'],
      ['chain', 'label_values(hookline_runs_finished_total, chain)'],
    ]);
    expect(metricsTable.hookline_ingress_deliveries_total.labels).toContain('source');
    expect(metricsTable.hookline_runs_finished_total.labels).toContain('chain');
    const used = targets.flatMap(([, expr]) => [...expr.matchAll(/\$(?!__)(\w+)/g)].map(([, name]) => name));
    expect(new Set(used)).toEqual(new Set(['source', 'chain']));
  });

  it('marks when alerts fire', () => {
    for (const { expr } of dashboard.annotations.list) expect(unknownNames(expr)).toEqual([]);
    expect(dashboard.annotations.list).toHaveLength(1);
  });

  it('lays its panels side by side, none over another', () => {
    const taken = new Set<string>();
    for (const { gridPos } of dashboard.panels)
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(x).toBeLessThan(24);
          expect(taken.has(`${x} ${y}`)).toBe(false);
          taken.add(`${x} ${y}`);
        }
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });
});

describe('deploy/grafana/provisioning', () => {
  const provisioning = (file: string): unknown => parse(textOf(`deploy/grafana/provisioning/${file}`));

  it('names the server of the compose network as the one to ask, as often as it scrapes', () => {
    const { scrape_interval: interval } = (parse(textOf('deploy/prometheus/prometheus.yml')) as { global: { scrape_interval: string } })
      .global;
    expect(provisioning('datasources/prometheus.yaml')).toMatchObject({
      apiVersion: 1,
      datasources: [{ type: 'prometheus', url: 'http://prometheus:9090', isDefault: true, jsonData: { timeInterval: interval } }],
    });
  });

  it('takes dashboards from a folder', () => {
    expect(provisioning('dashboards/hookline.yaml')).toMatchObject({
      apiVersion: 1,
      providers: [{ type: 'file', options: { path: '/var/lib/grafana/dashboards' } }],
    });
  });
});
