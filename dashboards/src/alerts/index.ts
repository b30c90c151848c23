import { stringify } from 'yaml';

import { grafanaRules } from './grafana.js';
import { groups } from './groups.js';
import { prometheusRule } from './kubernetes.js';
import { lokiRules } from './loki.js';
import { prometheusRules } from './prometheus.js';

/** The alerts as files: their path in the repository, and their text. */
export function alertFiles(): Record<string, string> {
  return {
    ...Object.fromEntries(groups.map((group) => [`config/prometheus/rules/${group.name}.yaml`, yaml(prometheusRules(group))])),
    'config/kubernetes/components/prometheus-operator/prometheus-rule.yaml': yaml(prometheusRule(groups)),
    'config/loki/rules/fake/integrations.yaml': yaml(lokiRules(groups)),
    'config/grafana/alerting/prometheus/rules.yaml': yaml(grafanaRules(groups, 'prometheus')),
    'config/grafana/alerting/loki/rules.yaml': yaml(grafanaRules(groups, 'loki')),
  };
}

const yaml = (value: unknown): string =>
  `# Generated from dashboards/src/alerts: do not edit; run make generate.\n${stringify(value, { lineWidth: 0, aliasDuplicateObjects: false, blockQuote: 'literal' })}`;
