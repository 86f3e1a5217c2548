import { corsOrigins, opsPeers, streamsPerAddress, trustProxy } from './config/edge-settings.ts';
import { nearestName } from './config/nearest-name.ts';
import { cautions, type Risk, risks } from './config/risks.ts';
import {
  listeningAddress,
  oneOf,
  rateLimit,
  ratio,
  redisUrl,
  type Setting,
  secret,
  secrets,
  share,
  someOf,
  text,
  url,
  wholeNumber,
  yesOrNo,
} from './config/setting.ts';
import { type SettingDoc, settingDocs } from './config/setting-docs.ts';
import { strayBlanks } from './config/stray-blanks.ts';

export type ConfigVerdict =
  | { readonly type: 'valid'; readonly config: Config }
  /** One message per problem, with the variable and what it must be. */
  | { readonly type: 'invalid'; readonly problems: readonly string[] };

type Environment = Readonly<Record<string, string | undefined>>;

const settings = {
  redisUrl,
  databaseUrl: url('DATABASE_URL', ['mysql:'], 'mysql://onsale:secret@127.0.0.1:3306/onsale'),
  redisCaFile: text('ONSALE_REDIS_CA_FILE', 'a file of certificates (PEM) that sign the one of Redis'),
  databaseCaFile: text(
    'ONSALE_DATABASE_CA_FILE',
    'a file of certificates (PEM) that sign the one of the database',
  ),
  databaseReadUrl: url('DATABASE_READ_URL', ['mysql:'], 'mysql://onsale:secret@127.0.0.1:3307/onsale'),
  databaseReadCaFile: text(
    'ONSALE_DATABASE_READ_CA_FILE',
    'a file of certificates (PEM) that sign the one of the replica',
  ),
  readLagMsMax: wholeNumber('ONSALE_READ_LAG_MS_MAX', 1_000, { min: 100, max: 60_000 }),
  host: { ...listeningAddress('HOST'), fallback: '127.0.0.1' },
  port: wholeNumber('PORT', 3000, { min: 0, max: 65_535 }),
  keepAliveSeconds: wholeNumber('ONSALE_KEEP_ALIVE_SECONDS', 72, { min: 1, max: 7_200 }),
  opsHost: listeningAddress('OPS_HOST'),
  opsPort: wholeNumber('OPS_PORT', 3001, { min: 0, max: 65_535 }),
  logLevel: oneOf('LOG_LEVEL', 'info', ['debug', 'info', 'warn', 'error', 'silent']),
  partitions: wholeNumber('ONSALE_PARTITIONS', 16, { min: 1, max: 4_096 }),
  durability: oneOf('ONSALE_DURABILITY', 'disk', ['disk', 'replicated']),
  auth: oneOf('ONSALE_AUTH', 'local', ['local', 'jwt']),
  localAnywhere: yesOrNo('ONSALE_LOCAL_ANYWHERE'),
  jwtJwksUrl: url('ONSALE_JWT_JWKS_URL', ['https:', 'http:'], 'https://login.example/.well-known/jwks.json'),
  jwtSecret: secret('ONSALE_JWT_SECRET', 'a secret of at least 32 bytes', 32),
  jwtIssuer: text('ONSALE_JWT_ISSUER', 'the iss of the tokens'),
  jwtAudience: text('ONSALE_JWT_AUDIENCE', 'the aud of the tokens'),
  jwtClockToleranceSeconds: wholeNumber('ONSALE_JWT_CLOCK_TOLERANCE_SECONDS', 30, { min: 0, max: 300 }),
  requireKeys: yesOrNo('ONSALE_REQUIRE_KEYS'),
  corsOrigins,
  rateLimitCustomer: rateLimit('ONSALE_RATE_LIMIT_CUSTOMER'),
  rateLimitAddress: rateLimit('ONSALE_RATE_LIMIT_ADDRESS'),
  trustProxy,
  idKeys: secrets(
    'ONSALE_ID_KEYS',
    'one or more secrets of at least 32 characters, separated by commas; the first signs, all verify',
    { minCharacters: 32 },
  ),
  warmUpMs: wholeNumber('ONSALE_WARM_UP_MS', 3_000, { min: 0, max: 60_000 }),
  leaseTtlMs: wholeNumber('ONSALE_LEASE_TTL_MS', 3_000, { min: 300, max: 60_000 }),
  batchMax: wholeNumber('ONSALE_BATCH_MAX', 2_000, { min: 1, max: 2_000 }),
  appendsInFlightMax: wholeNumber('ONSALE_APPENDS_IN_FLIGHT_MAX', 50_000, { min: 1, max: 1_000_000 }),
  waitersMax: wholeNumber('ONSALE_WAITERS_MAX', 20_000, { min: 1, max: 1_000_000 }),
  feedFollowersMax: wholeNumber('ONSALE_FEED_FOLLOWERS_MAX', 100, { min: 1, max: 10_000 }),
  streamsMax: wholeNumber('ONSALE_STREAMS_MAX', 10_000, { min: 1, max: 1_000_000 }),
  streamsPerCustomer: wholeNumber('ONSALE_STREAMS_PER_CUSTOMER', 10, { min: 1, max: 1_000_000 }),
  streamsPerAddress,
  readsWaitingMax: wholeNumber('ONSALE_READS_WAITING_MAX', 20_000, { min: 1, max: 1_000_000 }),
  retentionMs: wholeNumber('ONSALE_RETENTION_MS', 900_000, { min: 1_000, max: 604_800_000 }),
  retentionEntriesMax: wholeNumber('ONSALE_RETENTION_ENTRIES_MAX', 2_000_000, {
    min: 1_000,
    max: 100_000_000,
  }),
  backlogEntriesMax: wholeNumber('ONSALE_BACKLOG_ENTRIES_MAX', 1_000_000, { min: 1, max: 100_000_000 }),
  backlogWaitSecondsMax: wholeNumber('ONSALE_BACKLOG_WAIT_SECONDS_MAX', 60, { min: 1, max: 86_400 }),
  // Standard names, with a default of ours: one trace in a hundred.
  tracesSampler: oneOf('OTEL_TRACES_SAMPLER', 'parentbased_traceidratio', [
    'parentbased_traceidratio',
    'parentbased_always_on',
    'parentbased_always_off',
    'traceidratio',
    'always_on',
    'always_off',
  ]),
  tracesRatio: ratio('OTEL_TRACES_SAMPLER_ARG', 0.01),
  slowMs: wholeNumber('ONSALE_SLOW_MS', 1_000, { min: 1, max: 600_000 }),
  tracesViewed: wholeNumber('ONSALE_TRACES_VIEWED', 0, { min: 0, max: 10_000 }),
  opsPeers,
  redisMemoryShareMax: share('ONSALE_REDIS_MEMORY_SHARE_MAX', 0.8),
  acceptRisk: someOf<Risk>('ONSALE_ACCEPT_RISK', [...risks, ...cautions]),
};

/** Every setting there is, read once, at the start of a process. */
export type Config = {
  readonly [Name in keyof typeof settings]: (typeof settings)[Name] extends Setting<infer Value>
    ? Value
    : never;
};

/** Settings that have no default. */
export type RequiredSetting = 'redisUrl' | 'databaseUrl' | 'idKeys';

/** How this process can detect that its parent is gone; set by `npm start`. */
const parentVariable = 'ONSALE_PARENT';

/** Every variable that is read; docs/reference/configuration.md lists the same. */
export const variables: readonly string[] = [
  ...Object.values(settings).map(({ variable }) => variable),
  parentVariable,
];

/** A setting with its description, for the reference and `onsale config`. */
export type DescribedSetting = SettingDoc & Setting<unknown>;

/** A setting that nobody has described, or a description of none, does not compile. */
const docOf: Readonly<Record<keyof Config, SettingDoc>> = settingDocs;

const settingsByName = new Map<string, Setting<unknown>>(Object.entries(settings));

/** Every setting there is, in the order of the reference. */
export const described: readonly DescribedSetting[] = Object.entries(docOf).flatMap(([name, doc]) => {
  const setting = settingsByName.get(name);
  return setting ? [{ ...setting, ...doc }] : [];
});

/**
 * The configuration, or every problem at once: a start that fails four times for four typos wastes an evening. `needed`
 * names the settings without a default that this process cannot do without.
 */
export const parseConfig = (environment: Environment, needed: readonly RequiredSetting[]): ConfigVerdict => {
  const problems: string[] = [];
  for (const name of Object.keys(environment)) {
    if (name.startsWith('ONSALE_') && !variables.includes(name)) problems.push(unknown(name));
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

const unknown = (name: string): string => {
  const nearest = nearestName(name, variables);
  return `${name} is not a setting of onsale${nearest ? `: did you mean ${nearest}?` : ''}`;
};

const read = (
  { variable, wanted, hint, fallback, parse }: Setting<unknown>,
  environment: Environment,
  problems: string[],
): unknown => {
  const text = environment[variable];
  if (text === undefined || text === '') return fallback;
  const stray = strayBlanks(text);
  if (stray !== undefined) {
    problems.push(`${variable} ${stray}`);
    return fallback;
  }
  const value = parse(text);
  // The value itself may be a secret.
  if (value === undefined) problems.push(`${variable} must be ${wanted}${hint ? `; ${hint}` : ''}`);
  return value;
};

const loopback = new Set(['127.0.0.1', '::1', 'localhost']);

/** Whether nobody but this machine reaches the API. */
export const isLoopback = ({ host }: Pick<Config, 'host'>): boolean => loopback.has(host);

const contradictions = (config: Config): readonly string[] => [
  ...(config.redisCaFile && !config.redisUrl.startsWith('rediss')
    ? [
        'ONSALE_REDIS_CA_FILE is set, but REDIS_URL uses no TLS: it must begin with rediss: or rediss+cluster:',
      ]
    : []),
  ...(config.databaseReadCaFile && !config.databaseReadUrl
    ? ['ONSALE_DATABASE_READ_CA_FILE is set, but DATABASE_READ_URL is not: set both, or neither']
    : []),
  ...localContradictions(config),
  ...jwtContradictions(config),
];

const localContradictions = ({ auth, host, localAnywhere }: Config): readonly string[] =>
  auth === 'local' && !isLoopback({ host }) && !localAnywhere
    ? [
        `HOST=${host} with ONSALE_AUTH=local lets everyone act as anyone: use HOST=127.0.0.1, or set ONSALE_LOCAL_ANYWHERE=true if you mean it`,
      ]
    : [];

const jwtContradictions = ({ auth, ...config }: Config): readonly string[] => {
  const { jwtJwksUrl, jwtSecret } = config;
  const source = 'ONSALE_JWT_JWKS_URL or ONSALE_JWT_SECRET';
  if (auth === 'local')
    return jwtJwksUrl || jwtSecret
      ? [`${source} is set, but ONSALE_AUTH=local believes headers: set ONSALE_AUTH=jwt`]
      : [];
  return [
    ...(jwtJwksUrl && jwtSecret ? [`${source}: set one of them, not both`] : []),
    ...(jwtJwksUrl || jwtSecret ? [] : [`ONSALE_AUTH=jwt needs ${source}`]),
    ...(['jwtIssuer', 'jwtAudience'] as const)
      .filter((name) => !config[name])
      .map((name) => `ONSALE_AUTH=jwt needs ${settings[name].variable}: ${settings[name].wanted}`),
  ];
};
