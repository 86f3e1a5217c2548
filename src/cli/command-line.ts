import { exitCodes } from './exit-codes.ts';
import { complain } from './read-options.ts';
import { helpOf, parseHelpedVerb } from './verb-help.ts';
import { version } from './version.ts';

const usage = `onsale ${version}: a reservation service for the minute when everybody comes at once

  onsale serve <roles…>   run any of: command query projector
  onsale migrate          bring the database's schema up to date (--dry-run only prints what is left)
  onsale adopt            make a pair of a Redis and a database that are none (after a loss, a move, a clone)
  onsale inspect          what needs attention, who owns what and how far it is (--watch: again and again)
  onsale parked           entries that nobody could decide (--dismiss: of which nothing is to be done)
  onsale redrive          send parked entries again
  onsale trace <id>       one request's way, of those a running npm start keeps
  onsale verify           check every promise against tables and streams
  onsale rebuild          make the read tables anew from the journal (--dry-run only compares)
  onsale doctor           whether both servers, and this host, are what the promises and a sale rest on
  onsale rehearse <url>   play an on-sale on a running deployment, and see what gives way first
  onsale config           every setting as it holds here, and what is wrong with it
  onsale help [verb]      this, or what a verb takes; so does --help behind it
  onsale version

Options and exit codes of each at length: docs/reference/command-line.md
Settings come from the environment: REDIS_URL, DATABASE_URL, PORT, OPS_PORT, ONSALE_ID_KEYS and others
(docs/reference/configuration.md). To try it on this machine: npm start in a clone of the repository.
`;

type Verb = (args: readonly string[]) => Promise<number>;

const print = (text: string): number => {
  process.stdout.write(text);
  return exitCodes.done;
};

const refuse = (verb: string, why: string): number => {
  complain(verb, why);
  return exitCodes.wrong;
};

const help: Verb = async (args) => {
  const [about, more] = args;
  if (about === undefined || about === '--help') return print(usage);
  const verb = parseHelpedVerb(about);
  if (verb === undefined || more !== undefined) return refuse('help', `there is no verb "${args.join(' ')}"`);
  return print(helpOf(verb));
};

const tellVersion: Verb = async ([what]) =>
  what === undefined || what === '--help'
    ? print(`${version}\n`)
    : refuse('version', `it takes nothing, not ${what}`);

/** Each verb loads what it needs when it is asked for: `onsale version` waits for no web server. */
const verbs: ReadonlyMap<string, Verb> = new Map<string, Verb>(
  Object.entries({
    serve: async (args) => (await import('./serve.ts')).serve(args, process.env),
    migrate: async (args) => (await import('./migrate.ts')).migrateDatabase(args, process.env),
    adopt: async (args) => (await import('./adopt.ts')).adopt(args, process.env),
    inspect: async (args) => (await import('./inspect.ts')).inspect(args, process.env),
    parked: async (args) => (await import('./parked.ts')).parked(args, process.env),
    redrive: async (args) => (await import('./redrive.ts')).redrive(args, process.env),
    trace: async (args) => (await import('./trace.ts')).trace(args, process.env),
    verify: async (args) => (await import('./verify.ts')).verify(args, process.env),
    rebuild: async (args) => (await import('./rebuild.ts')).rebuild(args, process.env),
    doctor: async (args) => (await import('./doctor.ts')).doctor(args, process.env),
    rehearse: async (args) => (await import('./rehearse.ts')).rehearse(args, process.env),
    config: async (args) => (await import('./show-config.ts')).showConfig(args, process.env),
    help,
    '--help': help,
    '-h': help,
    version: tellVersion,
    '--version': tellVersion,
  }),
);

/** Runs one verb; the exit code. 0 done, 1 failed, 2 asked wrongly, 3 done and something needs attention. */
export const runCommandLine = async ([verb = 'help', ...args]: readonly string[]): Promise<number> => {
  const helped = parseHelpedVerb(verb);
  // Whatever else was typed: who asks for help wants nothing done.
  if (helped && args.some((arg) => arg === '--help' || arg === '-h')) return print(helpOf(helped));
  const run = verbs.get(verb);
  if (run) return await run(args);
  process.stderr.write(`onsale: there is no verb "${verb}"; try: onsale help\n`);
  return 2;
};
