import { readFile, writeFile } from 'node:fs/promises';
import { pageUrl, withTable } from './configuration-page.ts';

await writeFile(pageUrl, withTable(await readFile(pageUrl, 'utf8')));
