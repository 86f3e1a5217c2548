import { defaultText } from '../../src/config/effective.ts';
import { type DescribedSetting, described } from '../../src/config.ts';
import { withBetween } from './with-between.ts';

export const pageUrl = new URL('../../docs/reference/configuration.md', import.meta.url);

const marks = ['<!-- settings: npm run reference -->\n', '<!-- end of settings -->\n'] as const;

/** The page with its table generated from the settings. */
export const withTable = (page: string): string => withBetween(page, marks, table);

const cell = (text: string): string => text.replaceAll('|', '\\|');

const rowOf = (setting: DescribedSetting): string => {
  const byDefault = setting.neededBy ? `none, needed by ${setting.neededBy}` : codeOf(defaultText(setting));
  const cells = [`\`${setting.variable}\``, byDefault, setting.wanted, setting.about].map(cell);
  return `| ${cells.join(' | ')} |\n`;
};

const codeOf = (text: string | undefined): string => (text === undefined ? 'none' : `\`${text}\``);

const table = `| variable | default | may be | what it is |\n|---|---|---|---|\n${described.map(rowOf).join('')}`;
