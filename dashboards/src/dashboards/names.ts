// The words of the log: its products and statuses as people read them. The slugs and
// types are those of internal/activity; a test compares.

/** The products by slug, under the names that Zendesk gives them. */
export const products: Record<string, string> = {
  salesforce: 'Salesforce',
  shopify: 'Shopify',
  'bot-builder': 'Bot builder for messaging',
  actions: 'Actions',
  zis: 'Private ZIS integrations',
  'sunshine-conversations': 'Messaging, social channels and Sunshine Conversations API',
  webhooks: 'Webhooks',
};

/** Products of which only failures can be seen: a ratio or a silence tells nothing there. */
export const productsOfFailuresOnly = ['sunshine-conversations'];

/** Matches all other products, in PromQL and LogQL: those of which what goes well is seen too. For ratios and silences. */
export const seenInFull = `product!~"${productsOfFailuresOnly.join('|')}"`;

/** The statuses with the colour of each, the mildest first. */
export const statuses: Record<string, string> = {
  debug: '#8e8e8e',
  info: 'blue',
  warning: 'orange',
  error: 'red',
};

/** The kinds of work that the receivers tell apart, sorted. */
export const activityTypes = [
  'account_sync',
  'action_run',
  'action_test',
  'api_call',
  'app',
  'compliance',
  'contact_sync',
  'customer',
  'delivery',
  'delivery_failure',
  'flow_run',
  'fulfillment',
  'lead_sync',
  'link_failure',
  'order',
  'other',
  'subscription',
  'switchboard_failure',
  'ticket_sync',
  'webhook_invocation',
  'webhook_log_gap',
];
