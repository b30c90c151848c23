// Panels with the defaults of this log. Each has a title, a description that tells how to read it, a
// unit, and its size in Grafana's grid of 24 columns.
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueGraphMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';
import type { DataTransformerConfig, DynamicConfigValue, Panel, Threshold } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as LogsBuilder } from '@grafana/grafana-foundation-sdk/logs';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as StateTimelineBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { Options as LogsOptions } from '@grafana/schema/dist/esm/raw/composable/logs/panelcfg/x/LogsPanelCfg_types.gen';

import { prometheus } from './datasources.js';
import { products } from './names.js';

/** What every panel has. */
export interface Frame {
  title: string;
  /** How to read it. If it may be empty while all is well, it says so with a sentence that begins with "Empty when". */
  description: string;
  width: number;
  height: number;
}

/** A column of a table: a field of the query's answer, its heading, and its looks. */
export interface Column {
  field: string;
  title: string;
  looks?: DynamicConfigValue[];
}

export function timeseries(frame: Frame, unit: string): TimeseriesBuilder {
  return framed(new TimeseriesBuilder(), frame)
    .unit(unit)
    .min(0)
    .fillOpacity(10)
    .showPoints(VisibilityMode.Auto)
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
    .legend(legend());
}

/** A chart with a series for each product, under the product's name. */
export function timeseriesOfProducts(frame: Frame, unit: string): TimeseriesBuilder {
  const builder = timeseries(frame, unit).datasource(prometheus);
  return named(builder, products);
}

export function legend(...calcs: string[]): VizLegendOptionsBuilder {
  return new VizLegendOptionsBuilder()
    .displayMode(calcs.length > 0 ? LegendDisplayMode.Table : LegendDisplayMode.List)
    .placement(calcs.length > 0 ? LegendPlacement.Right : LegendPlacement.Bottom)
    .showLegend(true)
    .calcs(calcs);
}

/** The latest value, large, in the colour of the greatest limit that it has reached. */
export function stat(frame: Frame, unit: string, limits: Threshold[]): StatBuilder {
  return framed(new StatBuilder(), frame)
    .unit(unit)
    .datasource(prometheus)
    .graphMode(BigValueGraphMode.None)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false))
    .thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(limits));
}

/** A band for each product, under the product's name. */
export function stateTimelineOfProducts(frame: Frame): StateTimelineBuilder {
  return named(framed(new StateTimelineBuilder(), frame), products)
    .datasource(prometheus)
    .unit('short')
    .fillOpacity(80)
    .lineWidth(0)
    .showValue(VisibilityMode.Never)
    .mergeValues(true)
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Single).sort(SortOrder.None))
    .legend(legend());
}

/** Makes one row of what several queries answer with equal labels. */
const merge: DataTransformerConfig = { id: 'merge', options: {} };

/** Makes a field of each label of a record. */
export const labelsToFields: DataTransformerConfig = {
  id: 'extractFields',
  options: { source: 'labels', format: 'json', replace: false, keepTime: false },
};

/** A table with these columns and no others, in this order, of what the first transformations leave. */
export function table(frame: Frame, columns: Column[], first: DataTransformerConfig[] = [merge]): TableBuilder {
  const builder = framed(new Table(), frame).unit('short');
  for (const transformation of first) {
    builder.withTransformation(transformation);
  }
  builder
    .withTransformation({ id: 'filterFieldsByName', options: { include: { names: columns.map(({ field }) => field) } } })
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: {},
        indexByName: Object.fromEntries(columns.map(({ field }, index) => [field, index])),
        renameByName: Object.fromEntries(columns.map(({ field, title }) => [field, title])),
      },
    });
  for (const { title, looks } of columns) {
    if (looks) {
      builder.overrideByName(title, looks);
    }
  }
  return builder;
}

/** The records themselves. The builder does not know every option of Grafana 13, so they come from Grafana's own types. */
export function logs(frame: Frame, options: Partial<LogsOptions>): LogsBuilder {
  return framed(new Logs(options), frame);
}

class Logs extends LogsBuilder {
  readonly #options: Partial<LogsOptions>;

  constructor(options: Partial<LogsOptions>) {
    super();
    this.#options = options;
  }

  override build(): Panel {
    const panel = super.build();
    return { ...panel, options: { ...panel.options, ...this.#options } };
  }
}

/** The builder's table has a footer among its options, where Grafana 13 has none any more. */
class Table extends TableBuilder {
  override build(): Panel {
    const panel = super.build();
    const { footer: _, ...options } = panel.options;
    return { ...panel, options };
  }
}

/** Gives series another name than the label's value. */
function named<B extends { overrideByName(name: string, properties: DynamicConfigValue[]): B }>(
  builder: B,
  names: Record<string, string>,
): B {
  for (const [value, name] of Object.entries(names)) {
    builder.overrideByName(value, [{ id: 'displayName', value: name }]);
  }
  return builder;
}

interface Framed extends Builder<Panel> {
  title(title: string): this;
  description(description: string): this;
  span(width: number): this;
  height(height: number): this;
}

function framed<B extends Framed>(builder: B, { title, description, width, height }: Frame): B {
  return builder.title(title).description(description).span(width).height(height);
}
