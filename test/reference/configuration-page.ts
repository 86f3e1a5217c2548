import { defaultText } from '../../src/config/effective.ts';
import { type Described, described } from '../../src/config.ts';

export const pageUrl = new URL('../../docs/reference/configuration.md', import.meta.url);

const begin = '<!-- settings: npm run reference -->\n';
const end = '<!-- end of settings -->\n';

/** The page with its table made anew from the settings; what stands around the table stays. */
export const withTable = (page: string): string => {
  const [before, ...middle] = page.split(begin);
  const [, after, ...more] = middle.join('').split(end);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(`the page must hold ${begin.trim()} and ${end.trim()} once each`);
  return `${before}${begin}${table}${end}${after}`;
};

const cell = (text: string): string => text.replaceAll('|', '\\|');

const rowOf = (setting: Described): string => {
  const byDefault = setting.neededBy ? `none, needed by ${setting.neededBy}` : codeOf(defaultText(setting));
  const cells = [`\`${setting.variable}\``, byDefault, setting.wanted, setting.about].map(cell);
  return `| ${cells.join(' | ')} |\n`;
};

const codeOf = (text: string | undefined): string => (text === undefined ? 'none' : `\`${text}\``);

const table = `| variable | default | may be | what it is |\n|---|---|---|---|\n${described.map(rowOf).join('')}`;
