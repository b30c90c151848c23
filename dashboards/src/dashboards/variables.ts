import {
  CustomVariableBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  TextBoxVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';

import { loki, prometheus } from './datasources.js';
import { activityTypes, statuses } from './names.js';

/** All, as the choice of a variable of several values; `.*` is put into queries for it. */
const everything = { text: ['All'], value: ['$__all'] };

export const lokiDatasource = () =>
  new DatasourceVariableBuilder('datasource')
    .label('Data source')
    .type('loki')
    .description('The Loki that has the log.')
    .current({ text: 'Loki', value: 'loki' });

export const prometheusDatasource = () =>
  new DatasourceVariableBuilder('prometheus_datasource')
    .label('Prometheus')
    .type('prometheus')
    .description('The Prometheus that scrapes the collector and Loki.')
    .current({ text: 'Prometheus', value: 'prometheus' });

/** The products that had errors in the range, of the log. */
export const productsWithErrors = () =>
  new QueryVariableBuilder('product')
    .label('Product')
    .description(
      'The products with errors in the time range; none of them is listed if there were no errors. ' +
        'All shows every product. Another product can be typed: salesforce, shopify, bot-builder, actions, webhooks, zis, sunshine-conversations.',
    )
    .datasource(loki)
    .query({
      refId: 'LokiVariableQueryEditor-VariableQuery',
      // Values of a label.
      type: 1,
      label: 'product',
      stream: '{service_namespace="integrations",status="error"}',
    })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .allowCustomValue(true)
    .current(everything);

/** The products that are counted, of the metrics. */
export const countedProducts = () =>
  new QueryVariableBuilder('product')
    .label('Product')
    .description('The products that are switched on.')
    .datasource(prometheus)
    .query({ query: 'label_values(integration_activities_total, product)', refId: 'PrometheusVariableQueryEditor-VariableQuery' })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current(everything);

export const status = () =>
  choice('status', 'Status', Object.keys(statuses)).description('How the activity ended. What is marked debug is of interest to few.');

export const activityType = () =>
  choice('activity_type', 'Activity type', activityTypes).description(
    'What kind of work it was. Loki cannot list these, so the list is fixed; what an integration of your own sends can be typed.',
  );

export const search = () =>
  text('search', 'Search').description(`In the description, the ids, and the error's code and message. ${plainText}`);

export const integration = () =>
  text('integration_name', 'Integration').description(
    `Part of the name of a ZIS integration, a bot, an action, an app or a webhook. Loki cannot list these. ${plainText}`,
  );

export const account = () =>
  text('integration_account', 'Account').description(
    `Part of a shop's domain, a Zendesk subdomain, or the id of a Salesforce organization or an app. Loki cannot list these. ${plainText}`,
  );

export const object = () =>
  text('activity_object', 'Object').description(
    'A ticket, an order, a customer …, for all that happened to it: its type and its whole id, as in ticket/35001. The id alone finds all objects that have it. Empty for all.',
  );

const plainText = 'Upper and lower case are the same, and every character stands for itself.';

/** A variable with a fixed list, of which several may be chosen. */
function choice(name: string, label: string, values: string[]): CustomVariableBuilder {
  return new CustomVariableBuilder(name)
    .label(label)
    .values(values.join(','))
    .options([{ text: 'All', value: '$__all', selected: true }, ...values.map((value) => ({ text: value, value, selected: false }))])
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .allowCustomValue(true)
    .current(everything);
}

/** A variable into which a user types; empty, it leaves nothing out. */
function text(name: string, label: string): TextBoxVariableBuilder {
  return new TextBoxVariableBuilder(name).label(label).defaultValue('').current({ text: '', value: '' });
}
