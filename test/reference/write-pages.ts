import { readFile, writeFile } from 'node:fs/promises';
import { pageUrl, withTable } from './configuration-page.ts';
import { telemetryPageUrl, withMetrics } from './telemetry-page.ts';

await writeFile(pageUrl, withTable(await readFile(pageUrl, 'utf8')));
await writeFile(telemetryPageUrl, withMetrics(await readFile(telemetryPageUrl, 'utf8')));
