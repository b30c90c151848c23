import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  TimeOptionBuilder,
  TimePickerBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dashboard, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';

/** The tag by which the dashboards link to each other. */
const tag = 'integration-log';

/** The log is seven days long, so no choice is longer. */
const ranges: [label: string, length: string][] = [
  ['Last 15 minutes', '15m'],
  ['Last hour', '1h'],
  ['Last 6 hours', '6h'],
  ['Last 24 hours', '24h'],
  ['Last 2 days', '2d'],
  ['Last 7 days', '7d'],
];

/** What all dashboards have in common. They come from files, so they cannot be edited in Grafana. */
export function newDashboard(uid: string, title: string, description: string): DashboardBuilder {
  const picker = new TimePickerBuilder().quickRanges(
    ranges.map(([label, length]) => new TimeOptionBuilder().display(label).from(`now-${length}`).to('now')),
  );
  return new DashboardBuilder(title)
    .id(null)
    .uid(uid)
    .description(description)
    .tags(['integrations', tag])
    .readonly()
    .timezone('browser')
    .time({ from: 'now-24h', to: 'now' })
    .timepicker(picker)
    .refresh('')
    .tooltip(DashboardCursorSync.Crosshair)
    .link(
      new DashboardLinkBuilder('Integration log dashboards')
        .type(DashboardLinkType.Dashboards)
        .icon('dashboard')
        .tooltip('With the same time range and product')
        .tags([tag])
        .includeVars(true)
        .keepTime(true),
    );
}

/** The dashboard with an id for each panel, in the order in which they stand. */
export function build(builder: DashboardBuilder): Dashboard {
  const dashboard = builder.build();
  for (const variable of dashboard.templating.list ?? []) {
    // The builder gives these to every variable, but they belong to those of intervals.
    delete variable.auto;
    delete variable.auto_min;
    delete variable.auto_count;
  }
  let id = 0;
  for (const panel of dashboard.panels ?? []) {
    panel.id = ++id;
    for (const inner of panelsOfRow(panel)) {
      inner.id = ++id;
    }
  }
  return dashboard;
}

function panelsOfRow(panel: Panel | RowPanel): Panel[] {
  return 'panels' in panel ? panel.panels : [];
}
