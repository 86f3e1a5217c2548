import { limits } from '../../domain/limits.ts';
import { parseStreamId, type StreamId } from '../../domain/stream-id.ts';
import { parseRole, type Role } from '../roles.ts';
import type { Switch, ValueKind, ValueOption } from './option.ts';

/** An option without a value. */
export const flag = (help: string): Switch => ({ type: 'boolean', help });

/** The kinds of values, for options and arguments; a verb adds the help text. */
const valued = <Value>(takes: string, value: ValueKind<Value>): ValueOption<Value> => ({
  type: 'string',
  takes,
  value,
});

interface Bounds {
  readonly min: number;
  readonly max: number;
}

const numberIn = ({ min, max }: Bounds, what: string, form: RegExp): ValueOption<number> =>
  valued('N', {
    wanted: `${what} from ${min} to ${max}`,
    bounds: `${min} to ${max}`,
    parse: (text) => {
      const value = form.test(text) ? Number(text) : Number.NaN;
      return value >= min && value <= max ? value : undefined;
    },
  });

export const wholeNumber = (bounds: Bounds): ValueOption<number> =>
  numberIn(bounds, 'a whole number', /^\d{1,9}$/);

export const decimalNumber = (bounds: Bounds): ValueOption<number> =>
  numberIn(bounds, 'a number', /^\d{1,9}(\.\d{1,3})?$/);

const partitionIn = wholeNumber({ min: 0, max: limits.partitions - 1 }).value.parse;

const partition = valued('N', { wanted: 'the number of a partition', parse: partitionIn });

/** Identifies a parked entry: its partition and its id on the stream. */
export interface EntryKey {
  readonly partition: number;
  readonly streamId: StreamId;
}

const entryKeyIn = (text: string): EntryKey | undefined => {
  const [left = '', right = '', ...more] = text.split('/');
  const ofPartition = partitionIn(left);
  const streamId = parseStreamId(right);
  if (ofPartition === undefined || streamId === undefined || more.length > 0) return undefined;
  return { partition: ofPartition, streamId };
};

export const entryKey = valued('<id>', {
  wanted: '<partition>/<stream id>, as onsale parked --list prints it',
  parse: entryKeyIn,
});

const nonEmpty = (text: string): string | undefined => (text === '' ? undefined : text);

export const someText = (takes: string): ValueOption<string> =>
  valued(takes, { wanted: 'a text', parse: nonEmpty });

const noteLengthMax = 500;

const noteIn = (text: string): string | undefined => {
  const trimmed = text.trim();
  return trimmed.length <= noteLengthMax && trimmed.isWellFormed() ? nonEmpty(trimmed) : undefined;
};

/** A free text for people who read it later. */
export const note = valued('<text>', {
  wanted: `a text of 1 to ${noteLengthMax} characters`,
  bounds: `up to ${noteLengthMax} characters`,
  parse: noteIn,
});

/** The URL of a server may contain a password. */
export const serverUrl = valued('URL', { wanted: 'the URL of a server', isSecret: true, parse: nonEmpty });

export const httpAddress = valued('<url>', {
  wanted: 'the address of one running onsale, for example http://127.0.0.1:3000',
  parse: (text) => (/^https?:\/\//.test(text) && URL.canParse(text) ? new URL(text) : undefined),
});

const tokenForm = /^[\w.~+/-]+=*$/;

export const isBearerToken = (text: string): boolean => tokenForm.test(text);

export const bearerToken = valued('T', {
  wanted: 'a token that Authorization: Bearer can carry',
  isSecret: true,
  parse: (text) => (isBearerToken(text) ? text : undefined),
});

export const roles: ValueOption<Role> = valued('<roles…>', {
  wanted: 'any of command query projector',
  names: () => ['command', 'query', 'projector'],
  parse: parseRole,
});

/** The settings of verbs that use both servers. */
export const both = ['REDIS_URL', 'DATABASE_URL'] as const;

/** Options that several verbs have. */
export const json = flag('the same as one JSON document, for scripts');
export const ofPartition = { ...partition, help: 'only those of this partition' };
export const ofReason = { ...someText('<text>'), help: 'only those whose reason has this part' };
