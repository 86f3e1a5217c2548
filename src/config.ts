/** Every setting there is: its variable, its default, and what it may be. Read once, at the start of a process. */
export interface Config {
  readonly redisUrl: string;
  readonly databaseUrl: string;
  readonly host: string;
  readonly port: number;
  readonly opsPort: number;
  readonly logLevel: string;
  readonly partitions: number;
  readonly durability: 'disk' | 'replicated';
  readonly auth: 'local';
  readonly localAnywhere: boolean;
  readonly idKeys: readonly string[];
  readonly leaseTtlMs: number;
  readonly batchMax: number;
  readonly appendsInFlightMax: number;
  readonly waitersMax: number;
  readonly retentionMs: number;
  readonly retentionEntriesMax: number;
  readonly backlogEntriesMax: number;
  readonly backlogWaitSecondsMax: number;
  readonly redisMemoryShareMax: number;
}

export type ConfigVerdict =
  | { readonly type: 'valid'; readonly config: Config }
  /** One sentence a problem, each naming its variable and what would be right. */
  | { readonly type: 'invalid'; readonly problems: readonly string[] };

type Environment = Readonly<Record<string, string | undefined>>;

interface Setting<Value> {
  readonly variable: string;
  /** What the value may be, in words; part of the message when it is not. */
  readonly wanted: string;
  readonly fallback: Value;
  readonly parse: (text: string) => Value | undefined;
}

const wholeNumber = (
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

const oneOf = <const Value extends string>(
  variable: string,
  fallback: Value,
  values: readonly Value[],
): Setting<Value> => ({
  variable,
  wanted: values.join(' or '),
  fallback,
  parse: (text) => values.find((value) => value === text),
});

const url = (variable: string, protocols: readonly string[], example: string): Setting<string> => ({
  variable,
  wanted: `a URL like ${example}`,
  fallback: '',
  parse: (text) => (URL.canParse(text) && protocols.includes(new URL(text).protocol) ? text : undefined),
});

const share = (variable: string, fallback: number): Setting<number> => ({
  variable,
  wanted: 'a number above 0 and up to 1',
  fallback,
  parse: (text) => (Number(text) > 0 && Number(text) <= 1 ? Number(text) : undefined),
});

const idKeys: Setting<readonly string[]> = {
  variable: 'ONSALE_ID_KEYS',
  wanted: 'one or more secrets of at least 32 characters, separated by commas; the first signs, all verify',
  fallback: [],
  parse: (text) => {
    const keys = text.split(',').map((key) => key.trim());
    return keys.every((key) => key.length >= 32) ? keys : undefined;
  },
};

const settings = {
  redisUrl: url('REDIS_URL', ['redis:', 'rediss:'], 'redis://127.0.0.1:6379'),
  databaseUrl: url('DATABASE_URL', ['mysql:'], 'mysql://onsale:secret@127.0.0.1:3306/onsale'),
  host: {
    variable: 'HOST',
    wanted: 'an address',
    fallback: '127.0.0.1',
    parse: (text: string) => text || undefined,
  },
  port: wholeNumber('PORT', 3000, { min: 0, max: 65_535 }),
  opsPort: wholeNumber('OPS_PORT', 3001, { min: 0, max: 65_535 }),
  logLevel: oneOf('LOG_LEVEL', 'info', ['debug', 'info', 'warn', 'error', 'silent']),
  partitions: wholeNumber('ONSALE_PARTITIONS', 16, { min: 1, max: 4_096 }),
  durability: oneOf('ONSALE_DURABILITY', 'disk', ['disk', 'replicated']),
  auth: oneOf('ONSALE_AUTH', 'local', ['local']),
  localAnywhere: {
    variable: 'ONSALE_LOCAL_ANYWHERE',
    wanted: 'true or false',
    fallback: false,
    parse: (text: string) => (text === 'true' ? true : text === 'false' ? false : undefined),
  },
  idKeys,
  leaseTtlMs: wholeNumber('ONSALE_LEASE_TTL_MS', 3_000, { min: 300, max: 60_000 }),
  batchMax: wholeNumber('ONSALE_BATCH_MAX', 2_000, { min: 1, max: 2_000 }),
  appendsInFlightMax: wholeNumber('ONSALE_APPENDS_IN_FLIGHT_MAX', 50_000, { min: 1, max: 1_000_000 }),
  waitersMax: wholeNumber('ONSALE_WAITERS_MAX', 20_000, { min: 1, max: 1_000_000 }),
  retentionMs: wholeNumber('ONSALE_RETENTION_MS', 900_000, { min: 1_000, max: 604_800_000 }),
  retentionEntriesMax: wholeNumber('ONSALE_RETENTION_ENTRIES_MAX', 2_000_000, {
    min: 1_000,
    max: 100_000_000,
  }),
  backlogEntriesMax: wholeNumber('ONSALE_BACKLOG_ENTRIES_MAX', 1_000_000, { min: 1, max: 100_000_000 }),
  backlogWaitSecondsMax: wholeNumber('ONSALE_BACKLOG_WAIT_SECONDS_MAX', 60, { min: 1, max: 86_400 }),
  redisMemoryShareMax: share('ONSALE_REDIS_MEMORY_SHARE_MAX', 0.8),
} satisfies { [Name in keyof Config]: Setting<Config[Name]> };

/** Settings that have no default. */
export type Needed = 'redisUrl' | 'databaseUrl' | 'idKeys';

/** Says how a parent that watches over this process can be seen to be gone; set by `npm start`. */
const parentVariable = 'ONSALE_PARENT';

/** Every variable that is read; docs/reference/configuration.md lists the same. */
export const variables: readonly string[] = [
  ...Object.values(settings).map(({ variable }) => variable),
  parentVariable,
];

/**
 * The configuration, or every problem at once: a start that fails four times for four typos wastes an evening. `needed`
 * names the settings without a default that this process cannot do without.
 */
export const parseConfig = (environment: Environment, needed: readonly Needed[]): ConfigVerdict => {
  const problems: string[] = [];
  for (const name of Object.keys(environment)) {
    if (name.startsWith('ONSALE_') && !variables.includes(name))
      problems.push(`${name} is not a setting of onsale`);
  }
  const values = Object.entries(settings).map(([name, setting]) => [
    name,
    read(setting, environment, problems),
  ]);
  const config: Config = Object.fromEntries(values);
  for (const name of needed) {
    const { variable, wanted } = settings[name];
    if (!environment[variable]) problems.push(`${variable} is not set: it must be ${wanted}`);
  }
  if (problems.length === 0) problems.push(...contradictions(config));
  return problems.length === 0 ? { type: 'valid', config } : { type: 'invalid', problems };
};

const read = (
  { variable, wanted, fallback, parse }: Setting<unknown>,
  environment: Environment,
  problems: string[],
): unknown => {
  const text = environment[variable];
  if (text === undefined || text === '') return fallback;
  const value = parse(text);
  // The value itself may be a secret.
  if (value === undefined) problems.push(`${variable} must be ${wanted}`);
  return value;
};

const loopback = new Set(['127.0.0.1', '::1', 'localhost']);

const contradictions = ({ auth, host, localAnywhere }: Config): readonly string[] =>
  auth === 'local' && !loopback.has(host) && !localAnywhere
    ? [
        `HOST=${host} with ONSALE_AUTH=local lets everyone act as anyone: use HOST=127.0.0.1, or set ONSALE_LOCAL_ANYWHERE=true if you mean it`,
      ]
    : [];
