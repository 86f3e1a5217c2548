import { examineAll } from './doctor/examine.ts';
import { isAccepted } from './doctor/judge-start.ts';
import type { Line } from './doctor/line.ts';
import { exitCodes } from './exit-codes.ts';
import { jsonOf } from './print-json.ts';
import { tableOf } from './print-table.ts';
import { readConfig } from './read-config.ts';
import { readOptions } from './read-options.ts';

/** Says of both servers what onsale's promises rest on, what was found, and why it matters. Changes nothing. */
export const doctor = async (args: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> => {
  const options = readOptions({ verb: 'doctor', args, options: { json: { type: 'boolean' } } });
  if (!options) return exitCodes.wrong;
  const config = readConfig(environment, ['redisUrl', 'databaseUrl']);
  if (!config) return exitCodes.wrong;
  const { lines, away } = await examineAll(config);
  const judged = lines.map((line) => ({ ...line, accepted: isAccepted(line, config.acceptRisk) }));
  process.stdout.write(options.json ? jsonOf({ lines: judged, away }) : textOf(judged, away));
  if (away.length > 0) return exitCodes.failed;
  return judged.every(({ verdict, accepted }) => verdict === 'ok' || accepted)
    ? exitCodes.done
    : exitCodes.attention;
};

type Judged = Line & { readonly accepted: boolean };

const textOf = (lines: readonly Judged[], away: readonly string[]): string => {
  const rows = lines.map((line) => [line.name, line.found, line.wanted, verdictOf(line), line.why]);
  return [
    tableOf(['setting', 'found', 'wanted', 'verdict', 'because'], rows),
    ...away.map((why) => `! ${why}\n`),
    summaryOf(lines),
  ].join('');
};

const verdictOf = ({ verdict, accepted }: Judged): string => (accepted ? `${verdict}, accepted` : verdict);

const summaryOf = (lines: readonly Judged[]): string => {
  const refused = lines.filter(({ verdict, accepted }) => verdict !== 'ok' && !accepted);
  if (refused.length === 0) return 'these servers are fit for a sale\n';
  return `! not fit for a sale: ${refused.map(({ name }) => name).join(', ')}\n`;
};
