// What a column of a table, or a series, looks like: settings of fields, as Grafana's overrides take them.
import { MappingType } from '@grafana/grafana-foundation-sdk/dashboard';
import type { DynamicConfigValue, ValueMap } from '@grafana/grafana-foundation-sdk/dashboard';

import { products, statuses } from './names.js';

const colouredText: DynamicConfigValue = { id: 'custom.cellOptions', value: { type: 'color-text' } };

/** Shows a product's slug as its name. Values in links stay slugs where they are taken as `${__value.raw}`. */
export const productName: DynamicConfigValue = {
  id: 'mappings',
  value: [valueMap(Object.entries(products).map(([slug, text]) => [slug, { text }]))],
};

/** Gives each status its colour. */
export const statusColour = colours(statuses);

/** Gives each severity of an alert its colour. */
export const severityColour = colours({ critical: 'red', warning: 'orange', info: 'blue' });

/** The series of one colour. */
export const fixedColour = (fixedColor: string): DynamicConfigValue => ({ id: 'color', value: { mode: 'fixed', fixedColor } });

export const unit = (value: string): DynamicConfigValue => ({ id: 'unit', value });

export const decimals = (value: number): DynamicConfigValue => ({ id: 'decimals', value });

/** Pixels; a column without a width shares what is left. */
export const width = (value: number): DynamicConfigValue => ({ id: 'custom.width', value });

/** Offers a column's values as a filter. */
export const filterable: DynamicConfigValue = { id: 'custom.filterable', value: true };

/** Lets a click show a cell's whole text at the side. */
export const inspectable: DynamicConfigValue = { id: 'custom.inspect', value: true };

/** The colour of a number, by the greatest of the limits that it has reached. */
export function limits(...steps: [from: number | null, color: string][]): DynamicConfigValue[] {
  return [{ id: 'thresholds', value: { mode: 'absolute', steps: steps.map(([value, color]) => ({ value, color })) } }, colouredText];
}

/** What a click on a value leads to. */
export function links(...value: { title: string; url: string; targetBlank?: boolean }[]): DynamicConfigValue {
  return { id: 'links', value };
}

function colours(byValue: Record<string, string>): DynamicConfigValue[] {
  return [
    { id: 'mappings', value: [valueMap(Object.entries(byValue).map(([value, color]) => [value, { text: value, color }]))] },
    colouredText,
  ];
}

function valueMap(entries: [string, { text: string; color?: string }][]): ValueMap {
  return {
    type: MappingType.ValueToText,
    options: Object.fromEntries(entries.map(([value, result], index) => [value, { ...result, index }])),
  };
}
