import { parseArgs } from 'node:util';
import { nearestName } from '../../config/nearest-name.ts';
import type { Misuse } from '../print/exit-codes.ts';
import type { Argument, Option, Options, ParsedInput, ValueKind } from './option.ts';

/** The options and arguments that a verb takes. */
export interface Signature<Declared extends Options, Taken extends Argument | undefined> {
  readonly options: Declared;
  /** At most one of these may be given. */
  readonly exclusive?: readonly string[];
  readonly argument?: Taken;
}

type AnySignature = Signature<Options, Argument | undefined>;

/** The texts as typed, before they are parsed. */
interface Texts {
  /** By option; a switch has no value. */
  readonly options: Map<string, string[]>;
  readonly args: string[];
}

/** The parsed arguments, or the first mistake in them. */
export const parseArguments = <Declared extends Options, Taken extends Argument | undefined>(
  signature: Signature<Declared, Taken>,
  args: readonly string[],
): ParsedInput<Declared, Taken> | Misuse => {
  const texts: Texts = { options: new Map(), args: [] };
  const misuse =
    faultOfTokens(signature, args, texts) ??
    faultOfCompany(signature, texts.options) ??
    faultOfArguments(signature, texts.args) ??
    faultOfValues(signature, texts.options);
  if (misuse !== undefined) return { misuse };
  const { options, argument } = signature;
  const values = Object.entries(options).map(([name, option]) => [
    name,
    valueIn(option, texts.options.get(name)),
  ]);
  const typed: unknown = {
    options: Object.fromEntries(values),
    args: texts.args.map((text) => argument?.value.parse(text)),
  };
  return typed as ParsedInput<Declared, Taken>;
};

/**
 * Node only splits the arguments. Its own error messages name neither the option that was meant nor the value
 * that it takes.
 */
const faultOfTokens = (
  { options }: AnySignature,
  args: readonly string[],
  texts: Texts,
): string | undefined => {
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'positional') texts.args.push(token.value);
    if (token.kind !== 'option') continue;
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
    if (!option) return faultOfUnknown(args[token.index] ?? token.rawName, options);
    const fault = faultOfToken(option, token);
    if (fault !== undefined) return fault;
    keepToken(option, token, texts.options);
  }
  return undefined;
};

interface OptionToken {
  readonly name: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

const faultOfToken = (option: Option, { name, value, inlineValue }: OptionToken): string | undefined => {
  if (option.type === 'boolean') return value === undefined ? undefined : `--${name} takes no value`;
  // Another option follows directly: the value was forgotten.
  const isForgotten = value === undefined || (inlineValue !== true && /^-./.test(value));
  return isForgotten ? `--${name} wants ${option.takes}: ${option.value.wanted}` : undefined;
};

const keepToken = (option: Option, { name, value }: OptionToken, texts: Texts['options']): void => {
  const isRepeated = option.type === 'string' && option.multiple === true;
  const earlier = isRepeated ? (texts.get(name) ?? []) : [];
  texts.set(name, value === undefined ? earlier : [...earlier, value]);
};

const faultOfUnknown = (typed: string, options: Options): string => {
  const [written = typed] = typed.split('=');
  return `there is no option ${shortened(written)}${meantText(written, options)}`;
};

const meantText = (written: string, options: Options): string => {
  const nearest = nearestName(written.replace(/^-+/, ''), Object.keys(options));
  return questionText(nearest && `--${nearest}`);
};

const questionText = (meant: string | undefined): string =>
  meant === undefined ? '' : `: did you mean ${meant}?`;

const faultOfCompany = (
  { options, exclusive = [] }: AnySignature,
  texts: Texts['options'],
): string | undefined => {
  if (exclusive.filter((name) => texts.has(name)).length > 1) {
    const names = exclusive.map((name) => `--${name}`);
    return `${names.slice(0, -1).join(', ')} and ${names.at(-1)} exclude each other`;
  }
  const alone = [...texts.keys()].find((name) => {
    const company = options[name]?.goesWith;
    return company !== undefined && !texts.has(company);
  });
  return alone === undefined ? undefined : `--${alone} goes with --${options[alone]?.goesWith}`;
};

const faultOfArguments = (
  { options, argument }: AnySignature,
  texts: readonly string[],
): string | undefined => {
  const { least = 0, most = 0 } = argument ?? {};
  const surplus = texts[most];
  if (surplus !== undefined) return `"${shortened(surplus)}" is too much${meantText(surplus, options)}`;
  if (!argument) return undefined;
  if (texts.length < least) return `${argument.takes} is missing: ${argument.value.wanted}`;
  return faultOfText(argument.takes, argument.value, texts);
};

const faultOfValues = ({ options }: AnySignature, texts: Texts['options']): string | undefined => {
  for (const [name, given] of texts) {
    const option = options[name];
    const fault = option?.type === 'string' ? faultOfText(`--${name}`, option.value, given) : undefined;
    if (fault !== undefined) return fault;
  }
  return undefined;
};

const faultOfText = (
  name: string,
  { parse, wanted, names, isSecret }: ValueKind<unknown>,
  texts: readonly string[],
): string | undefined => {
  const wrong = texts.find((text) => parse(text) === undefined);
  if (wrong === undefined) return undefined;
  const found = isSecret ? '' : `, not ${shortened(wrong) || 'nothing'}`;
  return `${name} must be ${wanted}${found}${questionText(names && nearestName(wrong, names()))}`;
};

const valueIn = (option: Option, texts: readonly string[] | undefined): unknown => {
  if (option.type === 'boolean') return texts !== undefined;
  const { value, multiple } = option;
  if (multiple) return (texts ?? []).map((text) => value.parse(text));
  const text = texts?.[0] ?? option.default;
  return text === undefined ? undefined : value.parse(text);
};

const shownMax = 80;

const shortened = (text: string): string => (text.length > shownMax ? `${text.slice(0, shownMax)}…` : text);
