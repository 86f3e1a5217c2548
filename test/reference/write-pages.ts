import { readFile, writeFile } from 'node:fs/promises';
import { commandLinePageUrl, withVerbs } from './command-line-page.ts';
import { pageUrl, withTable } from './configuration-page.ts';
import { telemetryPageUrl, withMetrics } from './telemetry-page.ts';

await writeFile(pageUrl, withTable(await readFile(pageUrl, 'utf8')));
await writeFile(telemetryPageUrl, withMetrics(await readFile(telemetryPageUrl, 'utf8')));
await writeFile(commandLinePageUrl, withVerbs(await readFile(commandLinePageUrl, 'utf8')));
