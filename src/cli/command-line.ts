import { version } from './version.ts';

const usage = `onsale ${version}: a reservation service for the minute when everybody comes at once

  onsale serve <roles…>   run any of: command query projector
  onsale migrate          bring the database's schema up to date (--dry-run only prints what is left)
  onsale adopt            make a pair of a Redis and a database that are none (after a loss, a move, a clone)
  onsale inspect          who owns what, how far it is, and what needs attention
  onsale parked           entries that nobody could decide
  onsale redrive          send parked entries again
  onsale trace <id>       one request's way, of those a running npm start keeps
  onsale verify           check every promise against tables and streams (--help)
  onsale rebuild          make the read tables anew from the journal (--dry-run only compares)
  onsale doctor           whether both servers are what the promises rest on
  onsale rehearse <url>   play an on-sale on a running deployment, and see what gives way first
  onsale config           every setting as it holds here, and what is wrong with it
  onsale help | version

Options and exit codes of each: docs/reference/command-line.md
Settings come from the environment: REDIS_URL, DATABASE_URL, PORT, OPS_PORT, ONSALE_ID_KEYS and others
(docs/reference/configuration.md). To try it on this machine: npm start in a clone of the repository.
`;

type Verb = (args: readonly string[]) => Promise<number>;

const print =
  (text: string): Verb =>
  async () => {
    process.stdout.write(text);
    return 0;
  };

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
    help: print(usage),
    '--help': print(usage),
    version: print(`${version}\n`),
    '--version': print(`${version}\n`),
  }),
);

/** Runs one verb; the exit code. 0 done, 1 failed, 2 asked wrongly, 3 done and something needs attention. */
export const runCommandLine = async ([verb, ...args]: readonly string[]): Promise<number> => {
  const run = verbs.get(verb ?? 'help');
  if (run) return await run(args);
  process.stderr.write(`onsale: there is no verb "${verb}"; try: onsale help\n`);
  return 2;
};
