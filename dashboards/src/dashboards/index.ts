import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';

import { collector } from './collector.js';
import { integrationHealth } from './integrationHealth.js';
import { integrationLog } from './integrationLog.js';
import { toJSON } from './json.js';

/** The dashboards. A new one is added here; its file has the name of its uid. */
export const dashboards = (): Dashboard[] => [integrationLog(), integrationHealth(), collector()];

/** The dashboards as files: their path in the repository, and their text. */
export function dashboardFiles(): Record<string, string> {
  return Object.fromEntries(dashboards().map((dashboard) => [`dashboards/${dashboard.uid}.json`, toJSON(dashboard)]));
}
