import { readFile } from 'node:fs/promises';
import { audit } from '../../audit/audit.ts';
import type { AuditReport, Findings, Operation } from '../../audit/contract.ts';
import type { Config } from '../../config.ts';
import { parseRequestId } from '../../domain/ids.ts';
import { asError } from '../../store/database/database-error.ts';
import { newLogger } from '../../telemetry/logger.ts';
import { comparePair } from '../pair/compare-pair.ts';
import { complain, type ExitCode, exitCodes, type Misuse } from '../print/exit-codes.ts';
import { jsonOf } from '../print/print-json.ts';
import { tableOf } from '../print/print-table.ts';
import { readConfig } from '../read-config.ts';
import { openAuditSource } from './audit-source.ts';

interface VerifyOptions {
  /** A file of request ids that clients received. */
  readonly answered: string | undefined;
  readonly json: boolean;
}

/** Audits a system, running or not; resolves to the exit code. */
export const verify = async (
  { answered, json }: VerifyOptions,
  environment: NodeJS.ProcessEnv,
): Promise<ExitCode | Misuse> => {
  const operations = answered === undefined ? [] : await readAnswered(answered).catch(asError);
  if (operations instanceof Error) return { misuse: operations.message };
  const config = readConfig(environment, ['databaseUrl', 'redisUrl']);
  if (!config) return exitCodes.wrong;
  const report = await auditOf(config, operations).catch(asError);
  if (report instanceof Error) {
    complain('verify', `not verified: ${report.message}`);
    return exitCodes.failed;
  }
  process.stdout.write(json ? jsonOf(report) : reportText(report));
  return report.verdict === 'kept' ? exitCodes.done : exitCodes.attention;
};

/** Read before the audit begins. The writer of the file may still be writing, so its last line may be incomplete. */
const readAnswered = async (path: string): Promise<readonly Operation[]> => {
  const lines = (await readFile(path, 'utf8')).split('\n').map((line) => line.trim());
  return lines.flatMap((line, index): readonly Operation[] => {
    const requestId = parseRequestId(line.toLowerCase());
    if (requestId) return [{ requestId, end: 'ok' }];
    if (line === '' || index === lines.length - 1) return [];
    throw new Error(`line ${index + 1} of ${path} is not a request id: ${line.slice(0, 80)}`);
  });
};

const auditOf = async (config: Config, operations: readonly Operation[]): Promise<AuditReport> => {
  const { databaseUrl, redisUrl } = config;
  // Compared with the streams of another database, everything would look lost.
  const { fault } = await comparePair(config);
  if (fault !== undefined) throw new Error(fault);
  // Silent: only the report is printed; an unreachable server is thrown as an error.
  const logger = newLogger({ level: 'silent', roles: ['verify'] });
  const { source, close } = await openAuditSource({ databaseUrl, redisUrl, logger });
  try {
    return await audit(source, operations);
  } finally {
    await close();
  }
};

const namedMax = 20;

/** The report for people: what was audited, one line for each invariant, and the first findings by name. */
const reportText = ({ verdict, findings, looked }: AuditReport): string => {
  const all = Object.entries(findings);
  const broken = all.filter(([, { count }]) => count > 0).length;
  const [heads, ...counts] = tableOf(
    ['finding', 'count'],
    all.map(([name, { count }]) => [name, count]),
  ).split('\n');
  const each = Math.floor(namedMax / Math.max(1, broken));
  const { partitions, decisions, late, raised, reservations, shows, entries, parked, dismissed, operations } =
    looked;
  return [
    `looked at ${partitions} partitions: ${decisions} decisions (${late} late, ${raised} judged later than their ids say), ${reservations} reservations of ${shows} shows,`,
    `          ${entries} entries still on the streams, ${parked} parked${dismissed > 0 ? ` (and ${dismissed} dismissed)` : ''}; and ${operations} ids that clients were given`,
    '',
    `  ${heads}`,
    ...all.flatMap(([, found], at) => [`  ${counts[at]}`, ...linesOf(found, each)]),
    '',
    verdict === 'kept' ? 'Every promise was kept.' : 'Promises were broken.',
    '',
  ].join('\n');
};

const linesOf = ({ count, named }: Findings, most: number): readonly string[] => {
  const shown = named.slice(0, most).map(({ about, what }) => `      ${about}: ${what}`);
  return count > shown.length ? [...shown, `      … and ${count - shown.length} more (--json)`] : shown;
};
