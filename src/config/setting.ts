import { isIP } from 'node:net';
import { maskUrl } from '../shared/mask-url.ts';

/** An environment variable and its permitted values. */
export interface Setting<Value> {
  readonly variable: string;
  /** The permitted values in words; part of the message when the value is not permitted. */
  readonly wanted: string;
  /** A hint for the most likely mistake. */
  readonly hint?: string;
  readonly fallback: Value;
  readonly parse: (text: string) => Value | undefined;
  /** Makes the value safe to show; left out where it needs no masking. */
  readonly mask?: (text: string) => string;
}

/** Shows only that a value is set. */
const hidden = (): string => '***';

export const wholeNumber = (
  variable: string,
  fallback: number,
  range: { min: number; max: number },
): Setting<number> => ({
  variable,
  wanted: `a whole number from ${range.min} to ${range.max}`,
  fallback,
  parse: (text) => {
    const value = /^[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN;
    return value >= range.min && value <= range.max ? value : undefined;
  },
});

export const oneOf = <const Value extends string>(
  variable: string,
  fallback: Value,
  values: readonly Value[],
): Setting<Value> => ({
  variable,
  wanted: values.join(' or '),
  fallback,
  parse: (text) => values.find((value) => value === text),
});

export const url = (variable: string, protocols: readonly string[], example: string): Setting<string> => ({
  variable,
  wanted: `a URL like ${example}`,
  hint: 'inside a user or a password write % as %25, / as %2F, # as %23 and ? as %3F',
  fallback: '',
  parse: (text) => {
    const { protocol = '', username = '', password = '', pathname = '' } = urlOf(text) ?? {};
    // fetch refuses a URL with credentials, and repeats them in its error.
    const isFetched = protocol.startsWith('http');
    if (!protocols.includes(protocol) || (isFetched && username)) return undefined;
    return [username, password, pathname].every(isPercentEncoded) ? text : undefined;
  },
  mask: maskUrl,
});

const urlOf = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined);

/**
 * The drivers of both servers decode these parts; on a mistake they report only "URI malformed", without
 * naming the setting.
 */
const isPercentEncoded = (text: string): boolean => {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
};

/** NaN for a text that is not a decimal number; Number alone would also accept 0x1. */
const decimalIn = (text: string): number =>
  /^(?:\d{1,3}(?:\.\d{0,20})?|\.\d{1,20})(?:e-?\d{1,2})?$/i.test(text) ? Number(text) : Number.NaN;

export const share = (variable: string, fallback: number): Setting<number> => ({
  variable,
  wanted: 'a number above 0 and up to 1',
  fallback,
  parse: (text) => (decimalIn(text) > 0 && decimalIn(text) <= 1 ? decimalIn(text) : undefined),
});

export const ratio = (variable: string, fallback: number): Setting<number> => ({
  variable,
  wanted: 'a number from 0 to 1',
  fallback,
  parse: (text) => (decimalIn(text) >= 0 && decimalIn(text) <= 1 ? decimalIn(text) : undefined),
});

/** An unset variable is ''. */
export const text = (variable: string, wanted: string, minBytes = 1): Setting<string> => ({
  variable,
  wanted,
  fallback: '',
  parse: (value) => (Buffer.byteLength(value) >= minBytes ? value : undefined),
});

const hostName = /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?$/i;

/**
 * The address on which a port is opened: an address of this machine, or a name that resolves to one. Unset is
 * ''.
 */
export const listeningAddress = (variable: string): Setting<string> => ({
  variable,
  wanted: 'an address or name without a port, like 127.0.0.1, 0.0.0.0 or ::',
  hint: 'IPv6 without brackets',
  fallback: '',
  parse: (value) => (isIP(value) > 0 || hostName.test(value) ? value : undefined),
});

/** A text that is never shown. */
export const secret = (variable: string, wanted: string, minBytes: number): Setting<string> => ({
  ...text(variable, wanted, minBytes),
  mask: hidden,
});

/** Several secrets, separated by commas; their number may be shown. */
export const secrets = (
  variable: string,
  wanted: string,
  { minCharacters }: { readonly minCharacters: number },
): Setting<readonly string[]> => ({
  variable,
  wanted,
  fallback: [],
  parse: (value) => (list(value).every((each) => each.length >= minCharacters) ? list(value) : undefined),
  mask: (value) => list(value).map(hidden).join(','),
});

/** Some of these values, separated by commas. */
export const someOf = <const Value extends string>(
  variable: string,
  values: readonly Value[],
): Setting<readonly Value[]> => ({
  variable,
  wanted: `some of these, separated by commas: ${values.join(', ')}`,
  fallback: [],
  parse: (given) => {
    const known = list(given).map((one) => values.find((value) => value === one));
    return known.every((one) => one !== undefined) ? known.filter((one) => one !== undefined) : undefined;
  },
});

export const yesOrNo = (variable: string): Setting<boolean> => ({
  variable,
  wanted: 'true or false',
  fallback: false,
  parse: (value) => (value === 'true' ? true : value === 'false' ? false : undefined),
});

/** The parts between the commas, trimmed. */
export const list = (text: string): readonly string[] => text.split(',').map((one) => one.trim());

/** Without a burst, the burst is the number of requests per second, and at least one. */
export const rateLimit = (
  variable: string,
): Setting<{ readonly perSecond: number; readonly burst: number } | undefined> => ({
  variable,
  wanted: 'requests a second, with a burst if you like: 5 or 0.5:20',
  fallback: undefined,
  parse: (text) => {
    const [, rate, given] = /^(\d{1,7}(?:\.\d{1,3})?)(?::(\d{1,7}))?$/.exec(text) ?? [];
    const perSecond = Number(rate);
    const burst = given === undefined ? Math.ceil(perSecond) : Number(given);
    return perSecond > 0 && burst > 0 ? { perSecond, burst } : undefined;
  },
});

const byNetwork = url(
  'REDIS_URL',
  ['redis:', 'rediss:', 'redis+cluster:', 'rediss+cluster:'],
  'redis://127.0.0.1:6379, redis+cluster://127.0.0.1:7000 or redis+unix:///run/redis.sock',
);

const isSocket = (text: string): boolean => /^(?:redis\+)?unix:\/\//.test(text);

/**
 * One server, a cluster, or a Unix socket of this machine. The rest of the address is checked when
 * connecting.
 */
export const redisUrl: Setting<string> = {
  ...byNetwork,
  parse: (text) => (isSocket(text) ? text : byNetwork.parse(text)),
};
