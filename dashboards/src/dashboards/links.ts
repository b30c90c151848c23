// Where a click leads. Grafana fills in the variables; what it puts for `:percentencode` is safe in a query string.

/** The log, with the time range that is shown and the same Loki. */
const log = '/d/integration-log?${__url_time_range}&${datasource:queryparam}';

/** All that happened to the object that was clicked, in the whole of the log, which is seven days long. */
export const sameObject = {
  title: 'All activities of this object',
  url: '/d/integration-log?from=now-7d&to=now&${datasource:queryparam}&var-activity_object=${__value.raw:percentencode}',
};

/** The log of the product that was clicked, with these statuses. */
export const logOfProduct = (title: string, ...statuses: string[]) => ({
  title,
  url: [log, 'var-product=${__value.raw:percentencode}', ...statuses.map((status) => `var-status=${status}`)].join('&'),
});

/** The vendor's own record, whose address is the value that was clicked. */
export const vendorRecord = { title: "Open the vendor's record", url: '${__value.raw:raw}', targetBlank: true };

/** The record that was clicked, in Explore. The value is the id as withLinks writes it. */
export const explore = {
  title: 'Open in Explore',
  url: `/explore?schemaVersion=1&panes=${explorePanes()}`,
};

function explorePanes(): string {
  const datasource = { type: 'loki', uid: '${datasource}' };
  const panes = {
    log: {
      datasource: '${datasource}',
      queries: [
        {
          refId: 'A',
          datasource,
          queryType: 'range',
          expr: '{service_namespace="integrations"} | activity_id="${__value.raw:percentencode}"',
        },
      ],
      range: { from: '${__from}', to: '${__to}' },
    },
  };
  // Everything but the variables is encoded here: Grafana does not encode what is not a variable's value.
  return JSON.stringify(panes)
    .split(/(\$\{[^}]+\})/)
    .map((part) => (part.startsWith('${') ? part : encodeURIComponent(part)))
    .join('');
}
