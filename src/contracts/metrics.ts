import type { MetricEntry, metricsTable } from './metrics-table.ts';

type Table = typeof metricsTable;

/** A name of the table. */
export type MetricName = keyof Table;

type NameOf<Kind extends MetricEntry['kind']> = { [Name in MetricName]: Table[Name]['kind'] extends Kind ? Name : never }[MetricName];

/** The labels of a metric, each with its value. */
export type LabelsOf<Name extends MetricName> = { readonly [Label in Table[Name]['labels'][number]]: string };

/** One value of a metric. */
export interface Sample<Name extends MetricName> {
  readonly labels: LabelsOf<Name>;
  readonly value: number;
}

/** What the rooms measure with. Costs a microsecond, never waits, never throws. */
export interface Meter {
  /** Raises a counter, by one unless told. */
  count<Name extends NameOf<'counter'>>(name: Name, labels: LabelsOf<Name>, by?: number): void;
  /** Puts one observation into a histogram. */
  observe<Name extends NameOf<'histogram'>>(name: Name, labels: LabelsOf<Name>, value: number): void;
  /** Has the values of a metric read at each scrape; a later call for the same name replaces it. `read` must not wait. */
  watch<Name extends NameOf<'gauge' | 'counter'>>(name: Name, read: () => readonly Sample<Name>[]): void;
}

/** A meter that measures nothing, for whoever is given none. */
export const NO_METER: Meter = Object.freeze({ count: () => {}, observe: () => {}, watch: () => {} });
