// What an alert is, whatever form it is written in.

export type Severity = 'critical' | 'warning';

/** When an alert fires: for each series of value that is above the threshold and, if there is more to it, also in when. */
export interface Condition {
  /** A query of numbers, a series for each thing that may be alerted of. */
  value: string;
  /** The threshold, in the unit of value. Without one each series of value is an alert. */
  above?: number;
  /** The rest of the condition, beginning with a set operator: `and on (product) …`. */
  when?: string;
}

/** What people read. The text has the placeholders of Prometheus: {{ $labels.product }}, {{ $value }}. */
export interface Text {
  /** One line: what is the matter, and with which product. */
  summary: string;
  /** With the number, and what it means. */
  description: string;
}

export interface Alert extends Text {
  /** In CamelCase. Its page is docs/runbooks/<name>.md. */
  name: string;
  /** critical: somebody has to look now. warning: within the working day. */
  severity: Severity;
  /** How long the condition has to last, as a duration of Prometheus. */
  for: string;
  /** How long the alert stays after the condition has passed, where that comes and goes. */
  keepFiringFor?: string;
  /** On the metrics, for Prometheus; and for Grafana too, where there is a logql. */
  promql: (metrics: Metrics) => Condition;
  /** On the records, for Loki and for Grafana without Prometheus: what matters most has this. */
  logql?: Records;
}

/** A condition on the records, and what else is different where it tells less. */
export type Records = Condition & Partial<Text & Pick<Alert, 'severity'>>;

/** What is computed once and used by several rules. */
export interface Recording {
  /** As Prometheus' conventions have it: level:metric:operations. */
  record: string;
  expr: (metrics: Metrics) => string;
}

/**
 * How a query reads a recording, and the state of an alert: by its name, where a Prometheus records it. Elsewhere a
 * recording is computed, and nothing is known of alerts.
 */
export interface Metrics {
  now(recording: Recording): string;
  /** Its values over a time, as the argument of a function such as max_over_time. */
  over(recording: Recording, range: string): string;
  /** The products of which an alert fires already. */
  firing?(alert: string): string;
}

export interface Group {
  name: string;
  /** How often the rules are evaluated. */
  interval: string;
  /** The same where nothing is recorded, if to look at all the values or records each time is dear. */
  computedInterval?: string;
  recordings?: Recording[];
  alerts: Alert[];
}

/** A comparison as both query languages write it. */
export function query({ value, above, when }: Condition): string {
  return [above === undefined ? value : `${parenthesised(value)} > ${above}`, when].filter(Boolean).join('\n');
}

/** A query in parentheses, those of several lines set in. */
export function parenthesised(text: string): string {
  return text.includes('\n') ? `(\n${indented(text)}\n)` : `(${text})`;
}

export const indented = (text: string): string => text.replace(/^/gm, '  ');

export const annotations = (alert: Alert, text: Text = alert) => ({
  summary: text.summary,
  description: text.description,
  runbook_url: `https://github.com/integrationlog/integrationlog/blob/main/docs/runbooks/${alert.name}.md`,
});
