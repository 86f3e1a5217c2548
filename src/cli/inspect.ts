import { exitCodes } from './exit-codes.ts';
import { findWarnings, type Warning } from './find-warnings.ts';
import { lookAround, type Survey } from './look-around.ts';
import { jsonOf } from './print-json.ts';
import { partitionText, surveyText } from './print-survey.ts';
import { readConfig } from './read-config.ts';
import { complain, parsePartition, readOptions } from './read-options.ts';
import { realClock } from './world.ts';

/** Shows who owns what, how far everybody is and what is not as it should be. Changes nothing. */
export const inspect = async (args: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> => {
  const options = readOptions({
    verb: 'inspect',
    args,
    options: { partition: { type: 'string' }, json: { type: 'boolean' } },
  });
  if (!options) return exitCodes.wrong;
  const only = options.partition === undefined ? undefined : parsePartition(options.partition);
  if (options.partition !== undefined && only === undefined) {
    complain('inspect', `--partition must be the number of a partition, not ${options.partition}`);
    return exitCodes.wrong;
  }
  const config = readConfig(environment, ['redisUrl', 'databaseUrl']);
  if (!config) return exitCodes.wrong;
  const survey = await lookAround(config, only);
  if (only !== undefined && survey.partitions.length === 0 && isWhole(survey)) {
    complain('inspect', `there is no partition ${only}`);
    return exitCodes.failed;
  }
  const warnings = findWarnings(survey, config);
  const nowMs = survey.redis.type === 'seen' ? survey.redis.look.server.nowMs : realClock.nowMs();
  if (options.json) process.stdout.write(jsonOf({ atMs: nowMs, ...survey, warnings }));
  else {
    process.stdout.write(surveyText({ survey, warnings, nowMs }));
    if (only !== undefined)
      for (const each of survey.partitions) process.stdout.write(`\n${partitionText(each, nowMs)}`);
  }
  return codeOf(survey, warnings);
};

const isWhole = ({ redis, mysql }: Survey): boolean => redis.type === 'seen' && mysql.type === 'seen';

const codeOf = (survey: Survey, warnings: readonly Warning[]): number => {
  if (!isWhole(survey)) return exitCodes.failed;
  return warnings.length > 0 ? exitCodes.attention : exitCodes.done;
};
