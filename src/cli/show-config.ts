import { effectiveOf } from '../config/effective.ts';
import { described, parseConfig } from '../config.ts';
import { type ExitCode, exitCodes } from './print/exit-codes.ts';
import { jsonOf } from './print/print-json.ts';
import { tableOf } from './print/print-table.ts';
import { neededBy, type Role } from './roles.ts';

interface ConfigOptions {
  readonly roles: readonly Role[];
  readonly json: boolean;
}

/**
 * Prints every setting as a process started here would see it, its source, and everything that would prevent a start.
 * With roles named, their required settings are checked as well. Secrets are not printed.
 */
export const showConfig = async (
  { roles, json }: ConfigOptions,
  environment: NodeJS.ProcessEnv,
): Promise<ExitCode> => {
  const verdict = parseConfig(environment, roles.length > 0 ? neededBy(roles) : []);
  const problems = verdict.type === 'invalid' ? verdict.problems : [];
  const settings = described.map((setting) => effectiveOf(setting, environment[setting.variable]));
  if (json) process.stdout.write(jsonOf({ settings, problems }));
  else {
    const rows = settings.map(({ variable, value, source }) => [variable, value, source]);
    process.stdout.write(tableOf(['variable', 'value', 'from'], rows));
    for (const problem of problems) process.stdout.write(`! ${problem}\n`);
  }
  return problems.length > 0 ? exitCodes.wrong : exitCodes.done;
};
