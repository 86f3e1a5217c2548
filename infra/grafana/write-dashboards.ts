// npm run dashboards: the JSON that Grafana reads, from the code beside this file.
import { writeFileSync } from 'node:fs';
import { dashboardFiles } from './dashboard-files.ts';

for (const { file, text } of dashboardFiles) writeFileSync(file, text);
