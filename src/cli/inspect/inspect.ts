import type { Config } from '../../config.ts';
import { complain, type ExitCode, exitCodes } from '../print/exit-codes.ts';
import { jsonLineOf, jsonOf } from '../print/print-json.ts';
import { readConfig } from '../read-config.ts';
import { listenForStop } from '../stop-signal.ts';
import { realClock } from '../system.ts';
import { findWarnings, type Warning } from './find-warnings.ts';
import { partitionText, surveyText } from './print-survey.ts';
import { refreshUntilStopped } from './refresh-until-stopped.ts';
import { type Survey, takeSurvey } from './survey.ts';

interface InspectOptions {
  readonly partition: number | undefined;
  readonly watch: boolean;
  /** Seconds between two refreshes. */
  readonly every: number;
  readonly json: boolean;
}

/** Shows warnings, the owner of each partition and how far each has come. Changes nothing. */
export const inspect = async (options: InspectOptions, environment: NodeJS.ProcessEnv): Promise<ExitCode> => {
  const config = readConfig(environment, ['redisUrl', 'databaseUrl']);
  if (!config) return exitCodes.wrong;
  if (!options.watch) {
    const { text, code } = await look(config, options);
    process.stdout.write(text);
    return code;
  }
  const stopping = listenForStop(environment);
  return await refreshUntilStopped(() => look(config, options), {
    everyMs: options.every * 1_000,
    stopping,
    json: options.json,
    clock: realClock,
  });
};

/** The output of one refresh, and its exit code. */
const look = async (
  config: Config,
  { partition: only, watch, json }: InspectOptions,
): Promise<{ readonly text: string; readonly code: ExitCode }> => {
  const survey = await takeSurvey(config, only);
  if (only !== undefined && survey.partitions.length === 0 && isWhole(survey)) {
    complain('inspect', `there is no partition ${only}`);
    return { text: '', code: exitCodes.failed };
  }
  const warnings = findWarnings(survey, config);
  const nowMs = survey.redis.type === 'seen' ? survey.redis.look.server.nowMs : realClock.nowMs();
  const document = { atMs: nowMs, ...survey, warnings };
  if (json) {
    // One line for each refresh, for programs that read line by line.
    const text = watch ? jsonLineOf(document) : jsonOf(document);
    return { text, code: codeOf(survey, warnings) };
  }
  const inFull = only === undefined ? [] : survey.partitions.map((each) => `\n${partitionText(each, nowMs)}`);
  const text = [surveyText({ survey, warnings, nowMs }), ...inFull].join('');
  return { text, code: codeOf(survey, warnings) };
};

const isWhole = ({ redis, mysql }: Survey): boolean => redis.type === 'seen' && mysql.type === 'seen';

const codeOf = (survey: Survey, warnings: readonly Warning[]): ExitCode => {
  if (!isWhole(survey)) return exitCodes.failed;
  return warnings.length > 0 ? exitCodes.attention : exitCodes.done;
};
