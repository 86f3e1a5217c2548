import { allVerbs } from '../../src/cli/command-line.ts';
import type { Verb } from '../../src/cli/options/verb.ts';
import { callOf, linesOf, usageOf } from '../../src/cli/options/verb-help.ts';
import { verbs } from '../../src/cli/verbs.ts';
import { withBetween } from './with-between.ts';

export const commandLinePageUrl = new URL('../../docs/reference/command-line.md', import.meta.url);

/**
 * The page with its list of commands, and the usage and options of each, generated from the table of
 * commands.
 */
export const withVerbs = (page: string): string =>
  verbs.reduce(
    (text, verb) => withBetween(text, marksOf(`onsale ${verb.name}`), usageText(verb)),
    withBetween(page, marksOf('verbs'), verbsTable()),
  );

const marksOf = (name: string): readonly [string, string] => [
  `<!-- ${name}: npm run reference -->\n`,
  `<!-- end of ${name} -->\n`,
];

/** Options, settings and placeholders become code; a page would take placeholders for HTML. */
const prose = (text: string): string =>
  text
    .replaceAll(
      /(?:onsale [a-z]+ )?--[a-z-]+|<[^>]+>(?:\/<[^>]+>)?|\b[A-Z]+(?:_[A-Z]+)+\b|https?:\S+(?=\))/g,
      '`$&`',
    )
    .replaceAll('|', '\\|');

const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;

const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;

const heads = (...cells: readonly string[]): string => `${row(...cells)}|${'---|'.repeat(cells.length)}\n`;

const verbsTable = (): string => {
  const rows = allVerbs.map((verb) => {
    const call = code(callOf(verb));
    // The page has a section for each command that does more than describe the others.
    const linked = verbs.includes(verb) ? `[${call}](#onsale-${verb.name})` : call;
    return row(linked, prose(verb.summary), verb.settings.map(prose).join(', ') || 'none');
  });
  return heads('verb', 'does', 'settings') + rows.join('');
};

const usageText = (verb: Verb): string => {
  const rows = linesOf(verb).map(([what, about]) => row(code(what), prose(about)));
  const first = verb.argument ? 'argument, option' : 'option';
  return `\`\`\`\nonsale ${usageOf(verb)}\n\`\`\`\n\n${heads(first, 'is')}${rows.join('')}`;
};
