import { type ParseArgsConfig, parseArgs } from 'node:util';
import { limits } from '../domain/limits.ts';
import { parseStreamId, type StreamId } from '../domain/stream-id.ts';
import { type HelpedVerb, usageOf } from './verb-help.ts';

type Shapes = NonNullable<ParseArgsConfig['options']>;
type Values<Options extends Shapes> = ReturnType<typeof parseArgs<{ options: Options }>>['values'];

export interface Asked<Options extends Shapes> {
  readonly verb: HelpedVerb;
  readonly args: readonly string[];
  readonly options: Options;
}

/** The options, or `undefined` after the one line that says what is wrong with them. */
export const readOptions = <Options extends Shapes>({
  verb,
  args,
  options,
}: Asked<Options>): Values<Options> | undefined => {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false }).values;
  } catch (error) {
    complainOfUse(verb, faultOfArguments(error));
    return undefined;
  }
};

/** What node says of arguments, without its advice. */
export const faultOfArguments = (error: unknown): string => {
  const why = error instanceof Error ? error.message : String(error);
  return (why.split(/\. |\n/)[0] ?? why).replace(/\.$/, '');
};

/** One line on stderr, with how it is asked rightly. */
export const complainOfUse = (verb: HelpedVerb, why: string): void =>
  complain(verb, `${why} (${usageOf(verb)})`);

/** One line on stderr. */
export const complain = (verb: string, why: string): void => {
  process.stderr.write(`onsale ${verb}: ${why}\n`);
};

export const parseWhole = (
  text: string,
  { min, max }: { readonly min: number; readonly max: number },
): number | undefined => {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : undefined;
};

export const parsePartition = (text: string): number | undefined =>
  parseWhole(text, { min: 0, max: limits.partitions - 1 });

export interface Place {
  readonly partition: number;
  readonly streamId: StreamId;
}

/** `<partition>/<stream id>`, as `onsale parked --list` prints it. */
export const parsePlace = (text: string): Place | undefined => {
  const [left = '', right = '', ...more] = text.split('/');
  const partition = parsePartition(left);
  const streamId = parseStreamId(right);
  return partition !== undefined && streamId !== undefined && more.length === 0
    ? { partition, streamId }
    : undefined;
};
