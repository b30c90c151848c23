// PromQL of the collector's and Loki's own counters. Their names stand in the documentation.md of each
// component; those of Loki are its own.
import { grown } from '../alerts/promql.js';

const window = '$__rate_interval';
const windowSeconds = '$__rate_interval_ms / 1000';
const windowMinutes = '$__rate_interval_ms / 60000';

/** Whether the process of a counter is younger than the window: what it counted, it counted in the window. */
const youngCollector = `otelcol_process_uptime < ${windowSeconds}`;
const youngLoki = `time() - process_start_time_seconds < ${windowSeconds}`;

/** How much a counter rose in the window, summed by labels, for each unit of time in the window. */
const rise = (by: string, counter: string, youngProcess: string, units: string): string =>
  `sum${by && ` by (${by})`} (${grown(counter, window, youngProcess)}) / (${units})`;

/** How much a counter of the collector rose in a second, for what is much. */
export const aSecond = (by: string, counter: string): string => rise(by, counter, youngCollector, windowSeconds);

/** How much counters of the collector rose in a minute, for what is rare. */
export const aMinute = (by: string, ...counters: string[]): string =>
  counters.map((counter) => rise(by, counter, youngCollector, windowMinutes)).join(' or ');

/** The same for a counter of Loki. */
export const aMinuteOfLoki = (by: string, counter: string): string => rise(by, counter, youngLoki, windowMinutes);
