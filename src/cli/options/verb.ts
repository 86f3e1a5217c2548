import type { ExitCode, Misuse } from '../print/exit-codes.ts';
import type { Argument, Options, ParsedInput } from './option.ts';
import { parseArguments, type Signature } from './parse-arguments.ts';

/** A command of the command line. */
export interface Verb extends Signature<Options, Argument | undefined> {
  readonly name: string;
  /** What it does, as half a line that fits on a line of `onsale --help`. */
  readonly summary: string;
  /** What else to know before it is run. */
  readonly help: string;
  /** The settings that it requires, and those that only it reads. */
  readonly settings: readonly string[];
  /** Runs with the arguments that were typed, or reports the mistake in them. */
  readonly start: (args: readonly string[], environment: NodeJS.ProcessEnv) => Promise<ExitCode | Misuse>;
}

interface Declaration<Declared extends Options, Taken extends Argument | undefined>
  extends Signature<Declared, Taken>,
    Omit<Verb, 'start' | keyof Signature<Options, undefined>> {
  readonly run: (
    typed: ParsedInput<Declared, Taken>,
    environment: NodeJS.ProcessEnv,
  ) => Promise<ExitCode | Misuse>;
}

/** Makes a verb of its declaration: `run` gets parsed arguments only. */
export const newVerb = <
  const Declared extends Options,
  const Taken extends Argument | undefined = undefined,
>({
  run,
  ...verb
}: Declaration<Declared, Taken>): Verb => ({
  ...verb,
  start: async (args, environment) => {
    const typed = parseArguments(verb, args);
    return 'misuse' in typed ? typed : await run(typed, environment);
  },
});
