import { DataqueryBuilder as LokiBuilder, LokiQueryDirection, LokiQueryType, QueryEditorMode } from '@grafana/grafana-foundation-sdk/loki';
import {
  DataqueryBuilder as PrometheusBuilder,
  PromQueryFormat,
  QueryEditorMode as PrometheusEditorMode,
} from '@grafana/grafana-foundation-sdk/prometheus';

import { loki, prometheus } from './datasources.js';

/** A query over time; legend names the series, as in `{{product}}`. */
export function promRange(refId: string, expr: string, legend: string): PrometheusBuilder {
  return prom(refId, expr).range().legendFormat(legend);
}

/** A query of the range's end, as rows of a table: a column for each label, and one for the value. */
export function promTable(refId: string, expr: string): PrometheusBuilder {
  return prom(refId, expr).instant().format(PromQueryFormat.Table);
}

/** A query of the range's end, as one value for each series. */
export function promInstant(refId: string, expr: string, legend: string): PrometheusBuilder {
  return prom(refId, expr).instant().legendFormat(legend);
}

/** The records that a LogQL query selects, the newest first. */
export function lokiRecords(refId: string, expr: string, limit: number): LokiBuilder {
  return logQL(refId, expr, LokiQueryType.Range).direction(LokiQueryDirection.Backward).maxLines(limit);
}

/** A LogQL metric over time. */
export function lokiRange(refId: string, expr: string, legend: string): LokiBuilder {
  return logQL(refId, expr, LokiQueryType.Range).legendFormat(legend);
}

/** A LogQL metric of the whole range, as rows of a table; `$__auto` is the range then. */
export function lokiTable(refId: string, expr: string): LokiBuilder {
  return logQL(refId, expr, LokiQueryType.Instant);
}

function prom(refId: string, expr: string): PrometheusBuilder {
  return new PrometheusBuilder().datasource(prometheus).editorMode(PrometheusEditorMode.Code).refId(refId).expr(oneLine(expr));
}

function logQL(refId: string, expr: string, type: LokiQueryType): LokiBuilder {
  return new LokiBuilder().datasource(loki).editorMode(QueryEditorMode.Code).refId(refId).queryType(type).expr(oneLine(expr));
}

/** A query may be written in several lines; Grafana's editor shows one better. */
function oneLine(expr: string): string {
  return expr.trim().replaceAll(/\s*\n\s*/g, ' ');
}
