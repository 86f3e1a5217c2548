import { dataVerbs } from './data-verbs.ts';
import {
  bearerToken,
  both,
  decimalNumber,
  flag,
  httpAddress,
  json,
  ofPartition,
  roles,
  serverUrl,
  someText,
  wholeNumber,
} from './options/values.ts';
import { newVerb, type Verb } from './options/verb.ts';

/** Each verb loads its modules when it runs, so that `onsale help` does not wait for the web server's. */
export const verbs: readonly Verb[] = [
  newVerb({
    name: 'serve',
    summary: 'runs any of these roles until SIGTERM: command, query, projector',
    help: 'All other settings: docs/reference/configuration.md.',
    settings: [...both, 'ONSALE_ID_KEYS for command and query'],
    argument: { ...roles, help: 'one or more of: command query projector', least: 1, most: 99 },
    options: {},
    run: async ({ args }, env) => (await import('./serve/serve.ts')).serve(args, env),
  }),
  newVerb({
    name: 'migrate',
    summary: "brings the database's schema up to date",
    help: 'Needs a database user that may create and alter tables. Safe to run again, also at the same time as another.',
    settings: ['DATABASE_URL'],
    options: {
      'dry-run': flag('prints the statements that are left, and runs none; exit code 3 if there are any'),
    },
    run: async ({ options }, env) => (await import('./migrate.ts')).migrateDatabase(options, env),
  }),
  newVerb({
    name: 'adopt',
    summary: 'makes this Redis and this database a pair',
    help: 'After a loss, a move or a clone. Refuses while a process works on one of these servers.',
    settings: both,
    options: {
      yes: flag('does it; without it, prints what would happen to each partition, and ends with 3'),
      new: flag(
        'a new id in both halves, for a clone; otherwise the database keeps its own, and Redis gets that',
      ),
      'moved-from': {
        ...serverUrl,
        help: 'the Redis that the pair leaves is marked, so that every process refuses it',
      },
    },
    run: async ({ options }, env) => (await import('./adopt/adopt.ts')).adopt(options, env),
  }),
  newVerb({
    name: 'inspect',
    summary: 'shows what needs attention, and the owner and lag of each partition',
    help: 'Changes nothing.',
    settings: both,
    options: {
      partition: { ...ofPartition, help: 'this one alone, and in full' },
      watch: flag('refreshes until Ctrl-C; ends with the exit code of the last refresh'),
      every: {
        ...wholeNumber({ min: 1, max: 3_600 }),
        default: '2',
        goesWith: 'watch',
        help: 'with --watch: seconds between two refreshes',
      },
      json,
    },
    run: async ({ options }, env) => (await import('./inspect/inspect.ts')).inspect(options, env),
  }),
  ...dataVerbs,
  newVerb({
    name: 'trace',
    summary: 'shows the trace of one request, of those that a running npm start keeps',
    help: 'Asks any process with ONSALE_TRACES_VIEWED.',
    settings: ['PORT'],
    argument: {
      ...someText('<id>'),
      help: 'of a trace, a reservation or a request; without it the latest twenty, a line each',
      least: 0,
      most: 1,
    },
    options: {
      url: { ...someText('URL'), help: 'where it runs (http://127.0.0.1:$PORT)' },
      json: { ...json, help: 'the spans as one JSON document, for scripts' },
    },
    run: async ({ args: [id], options }, env) => (await import('./trace.ts')).trace({ ...options, id }, env),
  }),
  newVerb({
    name: 'verify',
    summary: 'checks every promise against the tables and streams as they are now',
    help: 'Changes nothing, and does not disturb a running system.',
    settings: both,
    options: {
      answered: {
        ...someText('<file>'),
        help: 'request ids that clients were given, one a line: each must be decided, parked or still on a stream',
      },
      json,
    },
    run: async ({ options }, env) => (await import('./verify/verify.ts')).verify(options, env),
  }),
  newVerb({
    name: 'doctor',
    summary: 'checks whether both servers, and this host, are fit for a sale',
    help: 'Changes nothing. ONSALE_ACCEPT_RISK names requirements that need not be met.',
    settings: [...both, 'ONSALE_ACCEPT_RISK'],
    options: { json },
    run: async ({ options }, env) => (await import('./doctor/doctor.ts')).doctor(options, env),
  }),
  newVerb({
    name: 'rehearse',
    summary: 'plays an on-sale on a running deployment, and names what gives way first',
    help: 'By HTTP alone, on a show of its own, which it closes in the end; it checks the promises as well.',
    settings: ['REHEARSE_TOKEN'],
    argument: {
      ...httpAddress,
      help: 'where the API answers, as customers see it',
      least: 1,
      most: 1,
    },
    options: {
      customers: {
        ...wholeNumber({ min: 1, max: 1_000_000 }),
        default: '1000',
        help: 'how many customers take turns',
      },
      rate: {
        ...decimalNumber({ min: 1, max: 20_000 }),
        default: '100',
        help: 'requests for places a second',
      },
      minutes: {
        ...decimalNumber({ min: 0.02, max: 60 }),
        default: '1',
        help: 'duration; at most 1000000 requests in all',
      },
      token: {
        ...bearerToken,
        help: 'a bearer token with the scopes onsale:service and onsale:admin; better as REHEARSE_TOKEN, where no list of processes shows it',
      },
      yes: flag('needed when the address is not of this machine'),
      json,
    },
    run: async ({ args: [url], options }, env) =>
      (await import('./rehearse/rehearse.ts')).rehearse({ ...options, url }, env),
  }),
  newVerb({
    name: 'config',
    summary: 'shows every setting as a process here would see it, and what is wrong',
    help: 'Connects to no server. Prints no secrets.',
    settings: [],
    argument: {
      ...roles,
      help: 'roles whose required settings are checked as well',
      least: 0,
      most: 99,
    },
    options: { json },
    run: async ({ args, options }, env) =>
      (await import('./show-config.ts')).showConfig({ ...options, roles: args }, env),
  }),
];
