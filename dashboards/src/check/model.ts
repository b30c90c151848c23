// Dashboards as they are read from their files: what the checks look at, and no promise about the rest.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface DashboardJSON {
  uid: string;
  title: string;
  id: number | null;
  editable: boolean;
  timezone: string;
  schemaVersion: number;
  panels: PanelJSON[];
  templating: { list: VariableJSON[] };
}

export interface PanelJSON {
  type: string;
  title?: string;
  description?: string;
  datasource?: { type: string; uid: string };
  targets?: TargetJSON[];
  panels?: PanelJSON[];
  options?: object;
  fieldConfig?: {
    defaults: { unit?: string };
    overrides: { matcher: { id: string; options?: unknown }; properties: { id: string; value?: unknown }[] }[];
  };
}

export interface TargetJSON {
  refId: string;
  expr: string;
  datasource?: { type: string; uid: string };
  instant?: boolean;
}

export interface VariableJSON {
  type: string;
  name: string;
  label?: string;
  description?: string;
  query?: unknown;
  refresh?: number;
  datasource?: { type: string; uid: string };
}

/** All panels, those in rows and the rows themselves included. */
export function panelsOf(dashboard: DashboardJSON): PanelJSON[] {
  return dashboard.panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
}

/** The dashboards as they are committed. */
export function committedDashboards(): DashboardJSON[] {
  const folder = fileURLToPath(new URL('../../', import.meta.url));
  return readdirSync(folder)
    .filter((name) => name.startsWith('integration-') && name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(folder + name, 'utf8')) as DashboardJSON);
}
