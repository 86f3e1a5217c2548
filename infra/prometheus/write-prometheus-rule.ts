// npm run alerts: writes the files derived from the rules of this folder. With an address, all alerts link to the pages there:
// npm run alerts -- https://wiki.example/onsale/operating
import { writeFileSync } from 'node:fs';
import { pagesOf, ruleFiles } from './prometheus-rule-file.ts';

const [address] = process.argv.slice(2);
const pages = address === undefined ? undefined : pagesOf(address);
if (address !== undefined && pages === undefined)
  throw new Error('where are the pages? An address such as https://wiki.example/onsale/operating');
for (const { file, text } of ruleFiles(pages)) writeFileSync(file, text);
