import { readFile } from 'node:fs/promises';
import { audit } from '../audit/audit.ts';
import type { AuditReport, Operation } from '../audit/contract.ts';
import type { Config } from '../config.ts';
import { parseRequestId } from '../domain/ids.ts';
import { asError } from '../store/database-error.ts';
import { newLogger } from '../telemetry/logger.ts';
import { openAuditSource } from './audit-source.ts';
import { exitCodes } from './exit-codes.ts';
import { comparePair } from './pair/compare-pair.ts';
import { readConfig } from './read-config.ts';
import { complain, complainOfUse, readOptions } from './read-options.ts';
import { tableOf } from './verify-table.ts';

const shapes = { json: { type: 'boolean' }, answered: { type: 'string' } } as const;

interface Asked {
  readonly json: boolean;
  readonly operations: readonly Operation[];
}

/** Audits a system, running or not; the exit code. */
export const verify = async (args: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> => {
  const asked = await askedBy(args);
  if (!asked) return exitCodes.wrong;
  const config = readConfig(environment, ['databaseUrl', 'redisUrl']);
  if (!config) return exitCodes.wrong;
  const report = await auditOf(config, asked).catch(asError);
  if (report instanceof Error) {
    complain('verify', `not verified: ${report.message}`);
    return exitCodes.failed;
  }
  process.stdout.write(asked.json ? `${JSON.stringify(report, undefined, 2)}\n` : tableOf(report));
  return report.verdict === 'kept' ? exitCodes.done : exitCodes.attention;
};

/** Undefined after the line that says what is wrong. */
const askedBy = async (args: readonly string[]): Promise<Asked | undefined> => {
  const options = readOptions({ verb: 'verify', args, options: shapes });
  if (!options) return undefined;
  const { json = false, answered } = options;
  const operations = answered === undefined ? [] : await readAnswered(answered).catch(asError);
  if (!(operations instanceof Error)) return { json, operations };
  complainOfUse('verify', operations.message);
  return undefined;
};

/** Read before anything is looked at. Whoever writes the file may go on, and be in the middle of its last line. */
const readAnswered = async (path: string): Promise<readonly Operation[]> => {
  const lines = (await readFile(path, 'utf8')).split('\n').map((line) => line.trim());
  return lines.flatMap((line, index): readonly Operation[] => {
    const requestId = parseRequestId(line.toLowerCase());
    if (requestId) return [{ requestId, end: 'ok' }];
    if (line === '' || index === lines.length - 1) return [];
    throw new Error(`line ${index + 1} of ${path} is not a request id: ${line.slice(0, 80)}`);
  });
};

const auditOf = async (config: Config, { operations }: Asked): Promise<AuditReport> => {
  const { databaseUrl, redisUrl } = config;
  // Judged against the streams of another database everything would look lost.
  const { fault } = await comparePair(config);
  if (fault !== undefined) throw new Error(fault);
  // What is printed is the report; why a server cannot be reached is thrown.
  const logger = newLogger({ level: 'silent', roles: ['verify'] });
  const { source, close } = await openAuditSource({ databaseUrl, redisUrl, logger });
  try {
    return await audit(source, operations);
  } finally {
    await close();
  }
};
