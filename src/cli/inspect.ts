import type { Config } from '../config.ts';
import { exitCodes } from './exit-codes.ts';
import { findWarnings, type Warning } from './find-warnings.ts';
import { lookAgain } from './look-again.ts';
import { lookAround, type Survey } from './look-around.ts';
import { jsonOf } from './print-json.ts';
import { partitionText, surveyText } from './print-survey.ts';
import { readConfig } from './read-config.ts';
import { complain, complainOfUse, parsePartition, parseWhole, readOptions } from './read-options.ts';
import { listenForStop } from './stop-signal.ts';
import { realClock } from './system.ts';

const shapes = {
  partition: { type: 'string' },
  watch: { type: 'boolean', default: false },
  every: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

interface Wanted {
  readonly only?: number;
  readonly json: boolean;
  /** From one look to the next; absent where one is enough. */
  readonly everyMs?: number;
}

const everySecondsUsually = 2;
const everySecondsMax = 3_600;

/** Shows what is not as it should be, who owns what and how far everybody is. Changes nothing. */
export const inspect = async (args: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> => {
  const wanted = wantedOf(args);
  if (!wanted) return exitCodes.wrong;
  const config = readConfig(environment, ['redisUrl', 'databaseUrl']);
  if (!config) return exitCodes.wrong;
  const { everyMs } = wanted;
  if (everyMs === undefined) {
    const { text, code } = await look(config, wanted);
    process.stdout.write(text);
    return code;
  }
  const stopping = listenForStop(environment);
  return await lookAgain(() => look(config, wanted), {
    everyMs,
    stopping,
    json: wanted.json,
    clock: realClock,
  });
};

/** Undefined after the line that says what is wrong. */
const wantedOf = (args: readonly string[]): Wanted | undefined => {
  const options = readOptions({ verb: 'inspect', args, options: shapes });
  if (!options) return undefined;
  const { partition, watch, every, json } = options;
  const only = partition === undefined ? undefined : parsePartition(partition);
  const seconds = parseWhole(every ?? String(everySecondsUsually), { min: 1, max: everySecondsMax });
  if (partition !== undefined && only === undefined)
    complain('inspect', `--partition must be the number of a partition, not ${partition}`);
  else if (every !== undefined && !watch) complainOfUse('inspect', '--every goes with --watch');
  else if (seconds === undefined)
    complain('inspect', `--every must be 1 to ${everySecondsMax} seconds, not ${every}`);
  else return { json, ...(only !== undefined && { only }), ...(watch && { everyMs: seconds * 1_000 }) };
  return undefined;
};

/** What one look shows, and the exit code it comes to. */
const look = async (
  config: Config,
  { only, json, everyMs }: Wanted,
): Promise<{ readonly text: string; readonly code: number }> => {
  const survey = await lookAround(config, only);
  if (only !== undefined && survey.partitions.length === 0 && isWhole(survey)) {
    complain('inspect', `there is no partition ${only}`);
    return { text: '', code: exitCodes.failed };
  }
  const warnings = findWarnings(survey, config);
  const nowMs = survey.redis.type === 'seen' ? survey.redis.look.server.nowMs : realClock.nowMs();
  const document = { atMs: nowMs, ...survey, warnings };
  if (json) {
    // One line a look, for whoever reads them one by one.
    const text = everyMs === undefined ? jsonOf(document) : `${JSON.stringify(document)}\n`;
    return { text, code: codeOf(survey, warnings) };
  }
  const inFull = only === undefined ? [] : survey.partitions.map((each) => `\n${partitionText(each, nowMs)}`);
  const text = [surveyText({ survey, warnings, nowMs }), ...inFull].join('');
  return { text, code: codeOf(survey, warnings) };
};

const isWhole = ({ redis, mysql }: Survey): boolean => redis.type === 'seen' && mysql.type === 'seen';

const codeOf = (survey: Survey, warnings: readonly Warning[]): number => {
  if (!isWhole(survey)) return exitCodes.failed;
  return warnings.length > 0 ? exitCodes.attention : exitCodes.done;
};
