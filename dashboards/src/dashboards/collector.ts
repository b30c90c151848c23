import { RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';

import * as delivery from './collectorDelivery.js';
import * as intake from './collectorIntake.js';
import * as store from './collectorStore.js';
import { summary } from './collectorSummary.js';
import { build, newDashboard } from './dashboard.js';
import { prometheusDatasource } from './variables.js';

/** How the log itself does: for whoever runs it. It needs Prometheus only. */
export function collector(): Dashboard {
  const builder = newDashboard(
    'integration-log-collector',
    'Integration log: collector',
    'How the log itself does: intake, queue, delivery, Loki.',
  ).withVariable(prometheusDatasource());
  for (const panel of summary()) {
    builder.withPanel(panel);
  }
  builder
    .withRow(new RowBuilder('Intake'))
    .withPanel(intake.accepted())
    .withPanel(intake.refused())
    .withPanel(intake.notUnderstood())
    .withPanel(intake.changed())
    .withRow(new RowBuilder('Fetching'))
    .withPanel(intake.checkpointAge())
    .withPanel(intake.failedPolls())
    .withRow(new RowBuilder('Delivery'))
    .withPanel(delivery.queue())
    .withPanel(delivery.sent())
    .withPanel(delivery.exportFailures())
    .withPanel(delivery.deadLetters())
    .withRow(new RowBuilder('Loki and memory'))
    .withPanel(store.discards())
    .withPanel(store.compactor())
    .withPanel(store.memory());
  return build(builder);
}
