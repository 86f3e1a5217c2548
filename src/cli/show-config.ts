import { parseArgs } from 'node:util';
import { effectiveOf } from '../config/effective.ts';
import { described, parseConfig } from '../config.ts';
import { asError } from '../store/database-error.ts';
import { exitCodes } from './exit-codes.ts';
import { jsonOf } from './print-json.ts';
import { tableOf } from './print-table.ts';
import { complainOfUse, faultOfArguments } from './read-options.ts';
import { neededBy, parseRole, type Role } from './roles.ts';

/**
 * Prints every setting as a process started here would have it, from where it comes, and whatever would keep it from
 * starting. With roles named, what those cannot do without counts as well. Nothing secret is printed.
 */
export const showConfig = async (
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<number> => {
  const asked = askedBy(args);
  if (asked instanceof Error) {
    complainOfUse('config', faultOfArguments(asked));
    return exitCodes.wrong;
  }
  const verdict = parseConfig(environment, asked.roles.length > 0 ? neededBy(asked.roles) : []);
  const problems = verdict.type === 'invalid' ? verdict.problems : [];
  const settings = described.map((setting) => effectiveOf(setting, environment[setting.variable]));
  if (asked.json) process.stdout.write(jsonOf({ settings, problems }));
  else {
    const rows = settings.map(({ variable, value, source }) => [variable, value, source]);
    process.stdout.write(tableOf(['variable', 'value', 'from'], rows));
    for (const problem of problems) process.stdout.write(`! ${problem}\n`);
  }
  return problems.length > 0 ? exitCodes.wrong : exitCodes.done;
};

interface Asked {
  readonly json: boolean;
  readonly roles: readonly Role[];
}

const askedBy = (args: readonly string[]): Asked | Error => {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { json: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    const roles = positionals.flatMap((text) => parseRole(text) ?? []);
    const unknown = positionals.find((text) => parseRole(text) === undefined);
    if (unknown !== undefined) return new Error(`roles are: command query projector; not ${unknown}`);
    return { json: values.json, roles };
  } catch (error) {
    return asError(error);
  }
};
