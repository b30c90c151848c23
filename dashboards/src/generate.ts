// Writes every generated file of this package: the dashboards, and the alerts in all
// their forms. The same sources always give the same bytes.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { alertFiles } from './alerts/index.js';
import { dashboardFiles } from './dashboards/index.js';

const repository = fileURLToPath(new URL('../../', import.meta.url));

for (const [path, text] of Object.entries({ ...dashboardFiles(), ...alertFiles() })) {
  const file = join(repository, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(path);
}
