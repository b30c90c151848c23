import { prometheus } from './datasources.js';
import { timeseries } from './panels.js';
import type { Frame } from './panels.js';
import { promRange } from './queries.js';

export const half = { width: 12, height: 8 };
export const third = { width: 8, height: 8 };

/** A chart over time of one to three queries, each with the names of its series. */
export function chart(frame: Frame, unit: string, ...queries: [expr: string, legend: string][]) {
  const panel = timeseries(frame, unit).datasource(prometheus);
  queries.forEach(([expr, legend], index) => panel.withTarget(promRange('ABC'.charAt(index), expr, legend)));
  return panel;
}
