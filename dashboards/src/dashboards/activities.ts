// LogQL of the log: which activities, and how they are filtered by what a user types.

// A selector needs one matcher that is not a pattern, so each has service_namespace.
const activities = '{service_namespace="integrations",product=~"$product",status=~"$status"}';

/** All activities of the chosen products. */
const activitiesOfProducts = '{service_namespace="integrations",product=~"$product"}';

/** The failures among them. */
export const failures = '{service_namespace="integrations",product=~"$product",status="error"}';

/** The record's own time, in milliseconds, as the value of a metric. */
export const unwrapTime = '| label_format at=`{{ __timestamp__ | unixEpochMillis }}` | unwrap at';

/**
 * What a user typed, as a string of a LogQL template. It goes into the query percent-encoded and is
 * decoded there: in no other format that Grafana knows can a text hold all of quotes, backslashes and
 * backticks without breaking the query or changing its meaning.
 */
const encoded = (variable: string) => `"\${${variable}:percentencode}"`;

/** A condition that a user typed. Where nothing was typed, nothing is decoded, which would cost time for each record. */
const typed = (variable: string, condition: (text: string) => string) =>
  `(or (eq ${encoded(variable)} "") (${condition(`(urldecode ${encoded(variable)})`)}))`;

/** True if a text contains what was typed, whatever the case. */
const contains = (variable: string, text: string) => typed(variable, (wanted) => `contains (lower ${wanted}) (lower ${text})`);

/** What an activity was about, as type/id: ids of different types may be the same. */
const object = 'print .activity_object_type "/" .activity_object_id';

/** True if an activity was about the object that was typed, as type/id or as the id alone. */
const about = (variable: string) => typed(variable, (wanted) => `or (eq ${wanted} .activity_object_id) (eq ${wanted} (${object}))`);

const wanted = [
  contains('search', '(print __line__ " " .activity_id " " .activity_object_id " " .error_code " " .error_message)'),
  contains('integration_name', '.integration_name'),
  contains('integration_account', '.integration_account'),
  about('activity_object'),
];

/** The activities that pass every filter of the page. */
export const filteredActivities = `${activities}
  | activity_type=~"$activity_type"
  | label_format wanted=\`{{ and ${wanted.join(' ')} }}\`
  | wanted="true" | drop wanted`;

const shop = 'https://admin.shopify.com/store/{{ urlencode (trimSuffix ".myshopify.com" .integration_account) }}';
const isOfZendesk = ['ticket', 'user', 'organization'].map((type) => `(eq .activity_object_type "${type}")`).join(' ');

/**
 * The address of the vendor's own record, where the activity tells all that it takes. What a record says is only
 * ever part of a path, or of a name below zendesk.com.
 */
const vendorRecord = [
  '{{ if and (eq .product "shopify") .shopify_order_id }}',
  `${shop}/orders/{{ urlencode .shopify_order_id }}`,
  '{{ else if and (eq .product "shopify") .shopify_customer_id }}',
  `${shop}/customers/{{ urlencode .shopify_customer_id }}`,
  // An account that is a number is the id of a Zendesk account, not its subdomain.
  `{{ else if and .integration_account (eq (int .integration_account) 0) (or ${isOfZendesk}) }}`,
  'https://{{ urlencode .integration_account }}.zendesk.com',
  '/agent/{{ .activity_object_type }}s/{{ urlencode .activity_object_id }}',
  '{{ end }}',
].join('');

const inQuotes = 'printf "%q" | trimPrefix "\\"" | trimSuffix "\\""';

/**
 * The id of an activity as it stands between the quotes of a query that stands in JSON: that is what a link to
 * Explore is, and Grafana escapes for neither. Most ids are the same then. A $ would begin a variable.
 */
const idForExplore = `{{ .activity_id | ${inQuotes} | replace "$" "\\\\x24" | ${inQuotes} }}`;

/**
 * Activities with what links are made of: activity_object, vendor_record and explore. Without the label by which
 * Loki shards late records, which means nothing to readers.
 */
export const withLinks = `| label_format ${[
  `activity_object=\`{{ if .activity_object_id }}{{ ${object} }}{{ end }}\``,
  `vendor_record=\`${vendorRecord}\``,
  `explore=\`${idForExplore}\``,
].join(', ')} | drop activity_object="", vendor_record="", explore="", __time_shard__`;

/** The activities that tell what they were about, with activity_object. */
export const objects = `${activitiesOfProducts} | activity_object_id!="" | label_format activity_object=\`{{ ${object} }}\``;

/** Activities with a level, by which Grafana's logs panel colours a line. */
export const withLevel = '| label_format level=`{{ .status }}`';
