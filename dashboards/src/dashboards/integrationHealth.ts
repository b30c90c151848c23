import { RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';

import { build, newDashboard } from './dashboard.js';
import * as panels from './healthPanels.js';
import { countedProducts, lokiDatasource, prometheusDatasource } from './variables.js';

/** How each product does: for on-call, and for whoever wants to know before the users do. */
export function integrationHealth(): Dashboard {
  const builder = newDashboard('integration-health', 'Integration health', 'How each integration does: rates, failures, silence and delay.')
    .withVariable(prometheusDatasource())
    .withVariable(lokiDatasource())
    .withVariable(countedProducts())
    .withPanel(panels.overview())
    .withPanel(panels.states())
    .withPanel(panels.alerts())
    .withRow(new RowBuilder('Activities and errors'))
    .withPanel(panels.rate())
    .withPanel(panels.errors())
    .withPanel(panels.ratio())
    .withPanel(panels.errorTypes())
    .withRow(new RowBuilder('What fails'))
    .withPanel(panels.topErrors())
    .withPanel(panels.busiestObjects())
    .withRow(new RowBuilder('Delay'));
  for (const quantile of [0.5, 0.95, 0.99]) {
    builder.withPanel(panels.delay(quantile));
  }
  return build(builder);
}
