import { wrapped } from '../print/print-table.ts';
import type { Argument, Option, Options } from './option.ts';
import type { Verb } from './verb.ts';

/** The full usage line of this verb. */
export const usageOf = ({ name, argument, options, exclusive = [] }: Verb): string => {
  const leading = Object.keys(options).filter((each) => !followsAnother(options, each));
  const chosen = leading.filter((each) => exclusive.includes(each));
  const others = leading.filter((each) => !exclusive.includes(each));
  const choices = chosen.map((each) => optionUsage(options, each)).join(' | ');
  return [
    callOf({ name, argument }),
    ...(chosen.length > 0 ? [`[${choices}]`] : []),
    ...others.map((each) => `[${optionUsage(options, each)}]`),
  ].join(' ');
};

/** The verb with its argument. */
export const callOf = ({
  name,
  argument,
}: Pick<Verb, 'name'> & { argument?: Argument | undefined }): string => {
  if (!argument) return name;
  return argument.least === 0 ? `${name} [${argument.takes}]` : `${name} ${argument.takes}`;
};

/** The option as typed. */
const optionText = (name: string, option: Option): string =>
  option.type === 'boolean' ? `--${name}` : `--${name} ${option.takes}`;

/** With the options that require it. Two that require each other stand side by side, in the order of their declaration. */
const optionUsage = (options: Options, name: string): string => {
  const option = options[name];
  if (!option) return '';
  const isRepeated = option.type === 'string' && option.multiple === true;
  const added = Object.keys(options).filter(
    (each) => options[each]?.goesWith === name && followsAnother(options, each),
  );
  return [
    `${optionText(name, option)}${isRepeated ? '…' : ''}`,
    ...added.map((each) =>
      option.goesWith === each ? optionUsage(options, each) : `[${optionUsage(options, each)}]`,
    ),
  ].join(' ');
};

const followsAnother = (options: Options, name: string): boolean => {
  const leader = options[name]?.goesWith;
  if (leader === undefined) return false;
  const names = Object.keys(options);
  return options[leader]?.goesWith !== name || names.indexOf(leader) < names.indexOf(name);
};

/** Its purpose, bounds and default. */
const optionHelp = (option: Option): string => {
  const { bounds } = option.type === 'string' ? option.value : {};
  const usual =
    option.type === 'string' && option.default !== undefined ? `default ${option.default}` : undefined;
  const limits = [bounds, usual].filter((each) => each !== undefined).join('; ');
  return limits === '' ? option.help : `${option.help} (${limits})`;
};

/** Arguments and options, each with its purpose. */
export const linesOf = ({ argument, options }: Verb): readonly Line[] => [
  ...(argument ? [[argument.takes, argument.help] as const] : []),
  ...Object.entries(options).map(([name, option]) => [optionText(name, option), optionHelp(option)] as const),
];

type Line = readonly [what: string, about: string];

const exitText = 'Exit codes: 0 done, 1 it could not be done, 2 asked wrongly, 3 something needs attention.';

/** The help text of a verb, for a terminal. */
export const helpOf = (verb: Verb): string => {
  const { settings } = verb;
  return [
    wrapped(`usage: onsale ${usageOf(verb)}`, { indent: 'usage: '.length }),
    '',
    wrapped(descriptionOf(verb), { indent: 0 }),
    '',
    ...listed([...linesOf(verb), ['--help', 'prints this']]),
    '',
    ...(settings.length > 0 ? [wrapped(`Settings: ${settings.join(', ')}.`, { indent: 2 })] : []),
    exitText,
    '',
  ].join('\n');
};

const descriptionOf = ({ summary, help }: Verb): string =>
  `${summary.slice(0, 1).toUpperCase()}${summary.slice(1)}. ${help}`.trimEnd();

/** Two columns; the second is wrapped at the width of a terminal. */
export const listed = (lines: readonly Line[]): readonly string[] => {
  const width = Math.max(...lines.map(([what]) => what.length));
  return lines.map(([what, about]) => wrapped(`  ${what.padEnd(width)}  ${about}`, { indent: width + 4 }));
};
