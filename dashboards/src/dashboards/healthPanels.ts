import { MappingType } from '@grafana/grafana-foundation-sdk/dashboard';
import type { RangeMap } from '@grafana/grafana-foundation-sdk/dashboard';
import { TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';

import { failures, objects, unwrapTime } from './activities.js';
import { loki, prometheus } from './datasources.js';
import { decimals, limits, links, productName, severityColour, unit, width } from './fields.js';
import { logOfProduct, sameObject } from './links.js';
import * as metrics from './metrics.js';
import { statuses } from './names.js';
import { labelsToFields, stateTimelineOfProducts, table, timeseries, timeseriesOfProducts } from './panels.js';
import { lokiRecords, lokiTable, promRange, promTable } from './queries.js';

export function overview() {
  return table(
    {
      title: 'Products',
      description:
        "Each product in the time range. Error ratio: errors among the activities; none for products of which only failures are seen. Change: how many more errors than in the period of the same length before. Late: activities that happened more than an hour before they were seen; they are in no other number here but the delay. Last success and Since last activity: of the newest activity that Prometheus knew of within the time range. A click on a product opens its log.",
      width: 24,
      height: 9,
    },
    [
      { field: 'product', title: 'Product', looks: [productName, links(logOfProduct('Activities'), logOfProduct('Errors', 'error'))] },
      { field: 'Value #A', title: 'Activities', looks: [unit('short'), width(100)] },
      { field: 'Value #B', title: 'Errors', looks: [unit('short'), width(90), ...limits([null, 'text'], [1, 'red'])] },
      {
        field: 'Value #C',
        title: 'Error ratio',
        looks: [unit('percentunit'), decimals(1), width(110), ...limits([null, 'text'], [0.01, 'orange'], [0.05, 'red'])],
      },
      { field: 'Value #D', title: 'Change', looks: [unit('short'), width(90), ...limits([null, 'green'], [0, 'text'], [1, 'red'])] },
      { field: 'Value #E', title: 'Last success', looks: [unit('dateTimeFromNow'), width(150)] },
      { field: 'Value #F', title: 'Since last activity', looks: [unit('s'), decimals(0), width(150)] },
      { field: 'Value #G', title: 'Delay p95', looks: [unit('s'), width(110)] },
      { field: 'Value #H', title: 'Late', looks: [unit('short'), width(80)] },
    ],
  )
    .datasource(prometheus)
    .withTarget(promTable('A', metrics.activitiesInRange))
    .withTarget(promTable('B', metrics.errorsInRange))
    .withTarget(promTable('C', metrics.errorRatioInRange))
    .withTarget(promTable('D', metrics.errorChange))
    .withTarget(promTable('E', metrics.lastSuccess))
    .withTarget(promTable('F', metrics.sinceLastActivity))
    .withTarget(promTable('G', metrics.delayInRange(0.95)))
    .withTarget(promTable('H', metrics.lateInRange));
}

export function states() {
  return stateTimelineOfProducts({
    title: 'State of each product',
    description:
      'The worst that happened in each step of time. Nothing is what a quiet product, and one that has stopped, look like: compare with its usual pattern.',
    width: 16,
    height: 9,
  })
    .mappings([
      state(0, 0, 'Nothing', statuses['debug']),
      state(1, 1, 'Well', 'green'),
      state(2, 3, 'Warnings', statuses['warning']),
      state(4, 7, 'Errors', statuses['error']),
    ])
    .withTarget(promRange('A', metrics.productState, '{{product}}'));
}

export function alerts() {
  return table(
    {
      title: 'Firing alerts',
      description:
        'Alerts of Prometheus that fire now, for the chosen products and for the log itself. Alerts that Grafana or Loki evaluates are in Grafana under Alerting. Empty when no alert fires.',
      width: 8,
      height: 9,
    },
    [
      { field: 'severity', title: 'Severity', looks: [...severityColour, width(80)] },
      { field: 'alertname', title: 'Alert' },
      { field: 'product', title: 'Product', looks: [productName] },
      // With one query, versions of Prometheus' data source differ in whether they add its letter.
      { field: 'Value', title: 'Since', looks: [unit('dateTimeFromNow'), width(120)] },
      { field: 'Value #A', title: 'Since', looks: [unit('dateTimeFromNow'), width(120)] },
    ],
  )
    .datasource(prometheus)
    .withTarget(promTable('A', metrics.firingAlerts));
}

export function rate() {
  return timeseriesOfProducts(
    { title: 'Activities', description: 'Activities of each product in a minute. What came late is not in it.', width: 12, height: 8 },
    'cpm',
  ).withTarget(promRange('A', metrics.activitiesPerMinute, '{{product}}'));
}

export function errors() {
  return timeseriesOfProducts(
    { title: 'Errors', description: 'Activities that failed in a minute, by product.', width: 12, height: 8 },
    'cpm',
  ).withTarget(promRange('A', metrics.errorsPerMinute, '{{product}}'));
}

export function ratio() {
  return timeseriesOfProducts(
    {
      title: 'Error ratio',
      description:
        'The share of activities that failed, by product. A gap is a time without activities. Products of which only failures are seen have no ratio. Empty when nothing happened in the range.',
      width: 12,
      height: 8,
    },
    'percentunit',
  )
    .max(1)
    .withTarget(promRange('A', metrics.errorRatio, '{{product}}'));
}

export function errorTypes() {
  return timeseries(
    {
      title: 'Errors by type',
      description:
        "Errors of the chosen products in a minute, by error.type. _OTHER is what fits no class; the record has the vendor's own code then.",
      width: 12,
      height: 8,
    },
    'cpm',
  )
    .datasource(prometheus)
    .withTarget(promRange('A', metrics.errorTypesPerMinute, '{{error_type}}'));
}

export function topErrors() {
  const by = '(product, error_type)';
  return table(
    {
      title: 'Top errors',
      description:
        'Failures in the time range by product and error.type, the most frequent first, with the first and the last time that each was seen in the range. A click on a product opens its errors. Empty when nothing failed.',
      width: 12,
      height: 10,
    },
    [
      { field: 'product', title: 'Product', looks: [productName, links(logOfProduct('Errors', 'error'))] },
      { field: 'error_type', title: 'Error type', looks: [width(130)] },
      { field: 'Value #A', title: 'Count', looks: [unit('short'), width(80)] },
      { field: 'Value #B', title: 'First seen', looks: [unit('dateTimeFromNow'), width(130)] },
      { field: 'Value #C', title: 'Last seen', looks: [unit('dateTimeFromNow'), width(130)] },
    ],
  )
    .datasource(loki)
    .sortBy([new TableSortByFieldStateBuilder().displayName('Count').desc(true)])
    .withTarget(lokiTable('A', `sum by ${by} (count_over_time(${failures} [$__auto]))`))
    .withTarget(lokiTable('B', `min_over_time(${failures} ${unwrapTime} [$__auto]) by ${by}`))
    .withTarget(lokiTable('C', `max_over_time(${failures} ${unwrapTime} [$__auto]) by ${by}`));
}

export function busiestObjects() {
  // A query that counts them all would fail for more objects than Loki lets a query have series, 500 by default.
  const records = 5000;
  const count = 'id (count)';
  const by = ['product', 'activity_object'];
  return table(
    {
      title: 'Busiest objects',
      description: `The tickets, orders, customers … with the most activities, among the newest ${records} activities in the time range. One that stands out is often in a loop between two systems. A click on one opens all that happened to it. Empty when no activity tells what it was about.`,
      width: 12,
      height: 10,
    },
    [
      { field: 'product', title: 'Product', looks: [productName] },
      { field: 'activity_object', title: 'Object', looks: [links(sameObject)] },
      { field: count, title: 'Activities', looks: [unit('short'), width(100)] },
    ],
    [
      labelsToFields,
      {
        id: 'groupBy',
        options: {
          fields: {
            ...Object.fromEntries(by.map((name) => [name, { aggregations: [], operation: 'groupby' }])),
            // Grafana's own id of a record, which each has.
            id: { aggregations: ['count'], operation: 'aggregate' },
          },
        },
      },
      { id: 'sortBy', options: { fields: {}, sort: [{ field: count, desc: true }] } },
      { id: 'limit', options: { limitField: 20 } },
    ],
  )
    .datasource(loki)
    .withTarget(lokiRecords('A', `${objects} | keep ${by.join(', ')}, activity_id`, records));
}

export function delay(quantile: number) {
  const percent = quantile * 100;
  return timeseriesOfProducts(
    {
      title: `Delay p${percent}`,
      description: `${percent} % of the activities were seen sooner than this after they had happened, by product. It includes what came late. A gap is a time without activities. Empty when nothing happened in the range.`,
      width: 8,
      height: 8,
    },
    's',
  ).withTarget(promRange('A', metrics.delay(quantile), '{{product}}'));
}

function state(from: number, to: number, text: string, color: string | undefined): RangeMap {
  return { type: MappingType.RangeToText, options: { from, to, result: { text, color } } };
}
