import { wrapped } from './print-table.ts';

/** What a verb takes, for `--help` and for whoever mistypes it. */
interface VerbHelp {
  /** Behind `onsale`. */
  readonly usage: string;
  readonly does: string;
  readonly options: Readonly<Record<string, string>>;
  readonly settings: string;
}

const both = 'REDIS_URL, DATABASE_URL';
const json = { '--json': 'the same as one JSON document, for scripts' };
const ofParked = {
  '--partition N': 'only those of this partition',
  '--reason <text>': 'only those whose reason has this part',
};

/** Of every verb there is; docs/reference/command-line.md tells the same at length. */
const helps = {
  serve: {
    usage: 'serve <roles…>',
    does: 'runs any of these roles until SIGTERM: command query projector',
    options: {},
    settings: `${both}; ONSALE_ID_KEYS for command and query; all others: docs/reference/configuration.md`,
  },
  migrate: {
    usage: 'migrate [--dry-run]',
    does: "brings the database's schema up to date; safe to run again, and beside another that does the same",
    options: {
      '--dry-run': 'prints the statements that are left, and runs none; exit code 3 if there are any',
    },
    settings: 'DATABASE_URL, as a user who may create and alter tables',
  },
  adopt: {
    usage: 'adopt [--new] [--moved-from URL] [--yes]',
    does: 'makes a pair of a Redis and a database that are none: after a loss, a move, a clone',
    options: {
      '--yes': 'do it; without, it only tells what would become of each partition, and ends with 3',
      '--new': 'a new id in both halves, for a clone',
      '--moved-from URL': 'the Redis that the pair leaves is marked, so that every process refuses it',
    },
    settings: both,
  },
  inspect: {
    usage: 'inspect [--partition N] [--watch [--every N]] [--json]',
    does: 'shows what needs attention, who owns what and how far it is; changes nothing',
    options: {
      '--partition N': 'this one alone, and in full',
      '--watch': 'looks again and again until Ctrl-C; ends with the code of the last look',
      '--every N': 'with --watch: seconds from one look to the next (2; 1 to 3600)',
      ...json,
    },
    settings: both,
  },
  parked: {
    usage: 'parked [--list | --show <id> | --dismiss <id> --because <text> | --restore <id>] [options]',
    does: 'entries that nobody could decide: how many, which, and to say of one that nothing is to be done',
    options: {
      '--list': 'each entry, instead of how many there are for each reason',
      '--show <id>': 'one entry, whole; its id is <partition>/<stream id>, as --list prints it',
      '--dismiss <id>':
        'nobody will send it again: it is no longer counted and alarms no more. Wants --because',
      '--because <text>': 'why, for those who look at it later (up to 500 characters)',
      '--restore <id>': 'takes a dismissal back',
      '--dismissed': 'shows those that were dismissed as well',
      ...ofParked,
      '--limit N': 'with --list: at most so many (50)',
      ...json,
    },
    settings: 'DATABASE_URL',
  },
  redrive: {
    usage: 'redrive [--id <id>] [--partition N] [--reason <text>] [--limit N] [--dry-run] [--json]',
    does: 'sends parked entries again, so that they are decided now',
    options: {
      '--id <id>': 'this one: <partition>/<stream id>, as onsale parked --list prints it',
      ...ofParked,
      '--limit N': 'sends at most so many (100)',
      '--dry-run': 'sends nothing, and says what it would send',
      ...json,
    },
    settings: both,
  },
  trace: {
    usage: 'trace [<id>] [--url URL] [--json]',
    does: "one request's way, of those that a running npm start keeps; without an id the latest twenty",
    options: { '--url URL': 'where it runs (http://127.0.0.1:$PORT)', ...json },
    settings: 'PORT',
  },
  verify: {
    usage: 'verify [--answered <file>] [--json]',
    does: 'checks every promise against the tables and streams as they are now, and disturbs nobody',
    options: {
      '--answered <file>': 'request ids that clients were given, one a line: none of them may be lost',
      ...json,
    },
    settings: both,
  },
  rebuild: {
    usage: 'rebuild [--dry-run] [--keep] [--pace N] [--json]',
    does: 'makes the read tables anew from the journal, beside live traffic, and puts them in place',
    options: {
      '--dry-run': 'only compares: names what differs, switches nothing; exit code 3 when something does',
      '--keep': 'keeps the former tables, under names that end in _kept_ and the time',
      '--pace N': 'replays at most N decisions a second (5000; 1 to 1000000)',
      ...json,
    },
    settings: 'DATABASE_URL',
  },
  doctor: {
    usage: 'doctor [--json]',
    does: 'whether both servers, and this host, are what the promises and a sale rest on; changes nothing',
    options: json,
    settings: `${both}; ONSALE_ACCEPT_RISK names what need not be`,
  },
  rehearse: {
    usage: 'rehearse <url> [--customers N] [--rate R] [--minutes M] [--token T] [--yes] [--json]',
    does: 'plays an on-sale on a running deployment, and says what was kept and what gives way first',
    options: {
      '--customers N': 'how many take turns (1000)',
      '--rate R': 'requests for places a second (100)',
      '--minutes M': 'how long (1)',
      '--token T': 'a bearer token of a service that is an administrator; better as REHEARSE_TOKEN',
      '--yes': 'needed when the address is not of this machine',
      ...json,
    },
    settings: 'REHEARSE_TOKEN',
  },
  config: {
    usage: 'config [roles…] [--json]',
    does: 'every setting as it holds here, and what is wrong with it; with roles, what those need as well',
    options: json,
    settings: 'all of them; it connects to nothing',
  },
} as const satisfies Record<string, VerbHelp>;

export type HelpedVerb = keyof typeof helps;

export const parseHelpedVerb = (text: string): HelpedVerb | undefined =>
  Object.hasOwn(helps, text) ? (text as HelpedVerb) : undefined;

export const usageOf = (verb: HelpedVerb): string => `usage: onsale ${helps[verb].usage}`;

const exitText = 'Exit codes: 0 done, 1 it could not be done, 2 asked wrongly, 3 something needs attention.';

/** For people, in a terminal. */
export const helpOf = (verb: HelpedVerb): string => {
  const { does, options, settings }: VerbHelp = helps[verb];
  const all = Object.entries({ ...options, '--help': 'prints this' });
  const width = Math.max(...all.map(([name]) => name.length));
  return [
    wrapped(usageOf(verb), { indent: 'usage: '.length }),
    '',
    wrapped(`${does.slice(0, 1).toUpperCase()}${does.slice(1)}.`, { indent: 0 }),
    '',
    ...all.map(([name, what]) => wrapped(`  ${name.padEnd(width)}  ${what}`, { indent: width + 4 })),
    '',
    wrapped(`Settings: ${settings}.`, { indent: 2 }),
    exitText,
    '',
  ].join('\n');
};
