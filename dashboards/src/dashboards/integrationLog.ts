import { BarAlignment, GraphDrawStyle, LogsSortOrder, StackingConfigBuilder, StackingMode } from '@grafana/grafana-foundation-sdk/common';
import { RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';

import { filteredActivities, withLevel, withLinks } from './activities.js';
import { build, newDashboard } from './dashboard.js';
import { loki } from './datasources.js';
import { filterable, fixedColour, inspectable, links, productName, statusColour, width } from './fields.js';
import { explore, sameObject, vendorRecord } from './links.js';
import { statuses } from './names.js';
import { labelsToFields, legend, logs, table, timeseries } from './panels.js';
import { lokiRange, lokiRecords } from './queries.js';
import { account, activityType, integration, lokiDatasource, object, productsWithErrors, search, status } from './variables.js';

/** As many records as the list shows before one scrolls on. */
const limit = 1000;

/** The page of Zendesk's Admin Center, and more: what the integrations did. It needs Loki only. */
export function integrationLog(): Dashboard {
  const builder = newDashboard('integration-log', 'Integration log', 'What the integrations with Zendesk did in the last seven days.')
    .withVariable(lokiDatasource())
    .withVariable(productsWithErrors())
    .withVariable(status())
    .withVariable(activityType())
    .withVariable(integration())
    .withVariable(account())
    .withVariable(object())
    .withVariable(search())
    .withPanel(volume())
    .withPanel(list())
    .withRow(new RowBuilder('Table').collapsed(true).withPanel(rows()));
  return build(builder);
}

function volume() {
  const panel = timeseries(
    {
      title: 'Activities over time',
      description:
        'How many activities there were, by status, with the filters above. A bar stands for the time since the bar before; drag over bars to look closer. Empty when no activity matches the filters.',
      width: 24,
      height: 6,
    },
    'short',
  )
    .datasource(loki)
    .withTarget(lokiRange('A', `sum by (status) (count_over_time(${filteredActivities} [$__auto]))`, '{{status}}'))
    .drawStyle(GraphDrawStyle.Bars)
    .barAlignment(BarAlignment.Before)
    .fillOpacity(90)
    .lineWidth(0)
    .decimals(0)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'))
    .legend(legend('sum'));
  for (const [name, colour] of Object.entries(statuses)) {
    panel.overrideByName(name, [fixedColour(colour)]);
  }
  return panel;
}

function list() {
  return logs(
    {
      title: 'Activities',
      description:
        "The activities, the newest first, at the time at which they happened, in your time zone. The colour is the status. A click on a line opens all that is known of it at the side, with links to the other activities of the same object, to the vendor's record and to Explore. Empty when no activity matches the filters.",
      width: 24,
      height: 20,
    },
    {
      showTime: true,
      timestampResolution: 'ms',
      showLevel: true,
      displayedFields: ['product', 'status', '___LOG_LINE_BODY___'],
      unwrappedColumns: true,
      wrapLogMessage: false,
      enableLogDetails: true,
      detailsMode: 'sidebar',
      enableInfiniteScrolling: true,
      showControls: true,
      showFieldSelector: false,
      syntaxHighlighting: false,
    },
  )
    .datasource(loki)
    .sortOrder(LogsSortOrder.Descending)
    .withTarget(lokiRecords('A', `${filteredActivities} ${withLinks} ${withLevel}`, limit));
}

function rows() {
  return table(
    {
      title: 'Activities as a table',
      description: `The newest ${limit} activities that the filters leave. Click an object for all that happened to it, a record's address to open it at the vendor, an activity's id to see it in Explore. Empty when no activity matches the filters.`,
      width: 24,
      height: 20,
    },
    [
      // Loki's data source calls these by one name or the other, depending on a feature toggle of Grafana.
      { field: 'Time', title: 'Date and time', looks: [width(190)] },
      { field: 'timestamp', title: 'Date and time', looks: [width(190)] },
      { field: 'product', title: 'Product', looks: [productName, filterable, width(200)] },
      { field: 'status', title: 'Status', looks: [...statusColour, filterable, width(90)] },
      { field: 'Line', title: 'Description', looks: [inspectable] },
      { field: 'body', title: 'Description', looks: [inspectable] },
      { field: 'activity_type', title: 'Activity type', looks: [filterable, width(140)] },
      { field: 'integration_name', title: 'Integration', looks: [filterable, width(140)] },
      { field: 'integration_account', title: 'Account', looks: [filterable, width(160)] },
      { field: 'activity_object_type', title: 'Object type', looks: [filterable, width(110)] },
      { field: 'activity_object', title: 'Object', looks: [links(sameObject), width(180)] },
      { field: 'vendor_record', title: "Vendor's record", looks: [links(vendorRecord), width(160)] },
      { field: 'explore', title: 'Activity', looks: [links(explore), width(160)] },
    ],
    [labelsToFields],
  )
    .datasource(loki)
    .withTarget(lokiRecords('A', `${filteredActivities} ${withLinks}`, limit));
}
