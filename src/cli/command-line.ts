import { nearestName } from '../config/nearest-name.ts';
import type { ValueOption } from './options/option.ts';
import { newVerb, type Verb } from './options/verb.ts';
import { callOf, helpOf, listed, usageOf } from './options/verb-help.ts';
import { complain, type ExitCode, exitCodes } from './print/exit-codes.ts';
import { printable } from './print/print-table.ts';
import { verbs } from './verbs.ts';
import { version } from './version.ts';

const print = (text: string): ExitCode => {
  process.stdout.write(text);
  return exitCodes.done;
};

const verbName: ValueOption<Verb> = {
  type: 'string',
  takes: '<verb>',
  value: {
    wanted: 'a verb of onsale',
    names: () => allVerbs.map((verb) => verb.name),
    parse: (name) => verbNamed(name),
  },
};

const helpVerb = newVerb({
  name: 'help',
  summary: 'prints this, or what a verb takes; so does --help after the verb',
  help: '',
  settings: [],
  argument: {
    ...verbName,
    help: 'the verb to describe; all verbs without it',
    least: 0,
    most: 1,
  },
  options: {},
  run: async ({ args: [verb] }) => print(verb ? helpOf(verb) : overview()),
});

const versionVerb = newVerb({
  name: 'version',
  summary: 'prints the version',
  help: '',
  settings: [],
  options: {},
  run: async () => print(`${version}\n`),
});

/** Every verb, in the order in which the help lists them. */
export const allVerbs: readonly Verb[] = [...verbs, helpVerb, versionVerb];

/** Options that are accepted in place of a verb, as in other programs. */
const otherNames = new Map([
  ['--help', helpVerb],
  ['-h', helpVerb],
  ['--version', versionVerb],
]);

/** Only own properties of the table: an inherited one, such as `constructor`, is no verb. */
const verbNamed = (name: string): Verb | undefined => allVerbs.find((verb) => verb.name === name);

const overview = (): string =>
  [
    `onsale ${version}: a reservation service for the minute when everybody comes at once`,
    '',
    ...listed(allVerbs.map((verb) => [`onsale ${callOf(verb)}`, verb.summary])),
    '',
    'Options and exit codes of each at length: docs/reference/command-line.md',
    'Settings come from the environment: REDIS_URL, DATABASE_URL, PORT, OPS_PORT, ONSALE_ID_KEYS and others',
    '(docs/reference/configuration.md). To try it on this machine: npm start in a clone of the repository.',
    '',
  ].join('\n');

/** Runs one verb; the exit code. */
export const runCommandLine = async ([name = 'help', ...args]: readonly string[]): Promise<ExitCode> => {
  const verb = verbNamed(name) ?? otherNames.get(name);
  if (!verb) return refuseName(name);
  // With --help nothing is carried out, whatever else was typed.
  if (args.includes('--help') || args.includes('-h')) return print(helpOf(verb));
  try {
    const ended = await verb.start(args, process.env);
    if (typeof ended === 'number') return ended;
    complain(verb.name, `${ended.misuse} (usage: onsale ${usageOf(verb)})`);
    return exitCodes.wrong;
  } catch (error) {
    complain(verb.name, error instanceof Error ? error.message : String(error));
    return exitCodes.failed;
  }
};

const refuseName = (name: string): ExitCode => {
  const nearest = nearestName(
    name.replace(/^-+/, ''),
    allVerbs.map((verb) => verb.name),
  );
  const advice = nearest === undefined ? 'try: onsale help' : `did you mean: onsale ${nearest}?`;
  process.stderr.write(`onsale: there is no verb "${printable(name)}"; ${advice}\n`);
  return exitCodes.wrong;
};
