// Type-checks dashboards as the JSON that they are, against Grafana's own types: each panel's options and
// field settings by the panel's type, each override by the setting that it names.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { panelsOf } from './model.js';
import type { DashboardJSON, PanelJSON } from './model.js';

const home = fileURLToPath(new URL('../../', import.meta.url));

/** Where @grafana/schema has the options of a panel: a folder, and the name of its file. */
const panelTypes: Record<string, [folder: string, file: string]> = {
  logs: ['logs', 'LogsPanelCfg'],
  stat: ['stat', 'StatPanelCfg'],
  'state-timeline': ['statetimeline', 'StateTimelinePanelCfg'],
  table: ['table', 'TablePanelCfg'],
  timeseries: ['timeseries', 'TimeSeriesPanelCfg'],
};

/** Panels whose fields have no settings but those of all panels. */
const withoutFields = ['logs', 'stat'];

// JSON has the values of enums where the types have the enums themselves. Settings that Grafana fills in
// itself may be missing from fields, but not from options.
const prelude = `import type * as schema from '@grafana/schema';
type Plain<T> = 0 extends 1 & T ? T
  : T extends string ? \`\${T}\`
  : T extends number ? (number extends T ? T : \`\${T}\` extends \`\${infer N extends number}\` ? N : never)
  : T extends (infer E)[] ? Plain<E>[]
  : T extends object ? { [K in keyof T]: Plain<T[K]> }
  : T;
type Fields<C> = Plain<Omit<schema.FieldConfig, 'custom'> & { custom?: Partial<C> }>;
`;

/** What the compiler has to say against the dashboards; nothing if they fit. The name keeps checks apart. */
export function typeErrors(name: string, dashboards: DashboardJSON[]): string[] {
  const folder = join(home, 'build', 'typecheck', name);
  mkdirSync(folder, { recursive: true });
  const text = source(dashboards);
  writeFileSync(join(folder, 'check.ts'), text);
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: { strict: true, noEmit: true, skipLibCheck: true, target: 'es2023', module: 'nodenext', types: [] },
      files: ['check.ts'],
    }),
  );
  const compiler = join(home, 'node_modules', '.bin', 'tsc');
  const { status, stdout, error } = spawnSync(compiler, ['-p', folder], { encoding: 'utf8' });
  if (error) {
    throw error;
  }
  return status === 0
    ? []
    : stdout
        .trim()
        .split('\n')
        .map((message) => located(message, text.split('\n')));
}

/** A message of the compiler with the panel and the JSON that it is about, instead of a line's number. */
function located(message: string, lines: string[]): string {
  const line = Number(/\((\d+),\d+\)/.exec(message)?.[1] ?? 0);
  const where = lines.slice(0, line).findLast((text) => text.startsWith('// ')) ?? '// ?';
  return `${where.slice(3)}: ${lines[line - 1]?.trim()}: ${message.replace(/^.*?\): /, '')}`;
}

function source(dashboards: DashboardJSON[]): string {
  const imports = Object.values(panelTypes).map(
    ([folder, file]) => `import type * as ${folder} from '@grafana/schema/dist/esm/raw/composable/${folder}/panelcfg/x/${file}_types.gen';`,
  );
  const checks = dashboards.flatMap((dashboard) => [
    check(`${dashboard.title}`, 'Plain<schema.Dashboard>', dashboard),
    ...panelsOf(dashboard)
      .filter(({ type }) => type !== 'row')
      .flatMap((panel) => panelChecks(`${dashboard.title}, ${panel.title}`, panel)),
  ]);
  return [...imports, prelude, ...checks].join('\n');
}

function panelChecks(where: string, panel: PanelJSON): string[] {
  const known = panelTypes[panel.type];
  if (!known) {
    throw new Error(`${where}: nothing is known of panels of the type ${panel.type}`);
  }
  const [namespace] = known;
  const fields = `Fields<${withoutFields.includes(panel.type) ? 'object' : `${namespace}.FieldConfig`}>`;
  const { defaults, overrides } = panel.fieldConfig ?? { defaults: {}, overrides: [] };
  return [
    check(`${where}, options`, `Plain<${namespace}.Options>`, panel.options),
    check(`${where}, fields`, fields, defaults),
    ...overrides.map(({ matcher, properties }) => check(`${where}, override of ${matcher.options}`, fields, settings(properties))),
  ];
}

/** The properties of an override in the shape that they have among the defaults. */
function settings(properties: { id: string; value?: unknown }[]): object {
  const custom = 'custom.';
  const of = (inner: boolean) =>
    properties.filter(({ id }) => id.startsWith(custom) === inner).map(({ id, value }) => [inner ? id.slice(custom.length) : id, value]);
  return { ...Object.fromEntries(of(false)), custom: Object.fromEntries(of(true)) };
}

let checks = 0;

function check(where: string, type: string, value: unknown): string {
  return `// ${where}\nexport const check${++checks}: ${type} = ${JSON.stringify(value, undefined, 1)};`;
}
