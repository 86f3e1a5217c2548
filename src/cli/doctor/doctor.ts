import { isCaution } from '../../config/risks.ts';
import { type ExitCode, exitCodes } from '../print/exit-codes.ts';
import { jsonOf } from '../print/print-json.ts';
import { readConfig } from '../read-config.ts';
import { examineAll } from './examine.ts';
import { isAccepted } from './judge-start.ts';
import { type JudgedLine, linesText } from './lines-text.ts';

/** Reports for both servers what onsale's promises depend on, what was found, why it matters and what to do. Changes nothing. */
export const doctor = async (
  { json }: { readonly json: boolean },
  environment: NodeJS.ProcessEnv,
): Promise<ExitCode> => {
  const config = readConfig(environment, ['redisUrl', 'databaseUrl']);
  if (!config) return exitCodes.wrong;
  const { lines, away } = await examineAll(config);
  const judged = lines.map((line) => ({ ...line, accepted: isAccepted(line, config.acceptRisk) }));
  const amiss = judged.filter(isAmiss).map(({ name }) => name);
  process.stdout.write(
    json ? jsonOf({ amiss, lines: judged, away }) : linesText({ amiss, lines: judged, away }),
  );
  if (away.length > 0) return exitCodes.failed;
  return amiss.length > 0 ? exitCodes.attention : exitCodes.done;
};

/** A requirement that a server does not show counts as unmet. If no promise depends on it, it is only reported. */
const isAmiss = ({ name, verdict, accepted }: JudgedLine): boolean =>
  !accepted && (verdict === 'unmet' || (verdict === 'unknown' && !isCaution(name)));
