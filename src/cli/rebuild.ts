import { type RebuildResult, rebuildTables } from '../store/rebuild/rebuild-tables.ts';
import type { RebuildStage } from '../store/rebuild/work.ts';
import { complain, type ExitCode, exitCodes } from './print/exit-codes.ts';
import { jsonOf } from './print/print-json.ts';
import { tableOf } from './print/print-table.ts';
import { readConfig } from './read-config.ts';
import { listenForStop } from './stop-signal.ts';
import { realClock as clock, realRandom as random } from './system.ts';

const printEveryMs = 2_000;

interface RebuildOptions {
  readonly 'dry-run': boolean;
  /** Keeps the former tables, under other names. */
  readonly keep: boolean;
  /** Decisions per second. */
  readonly pace: number;
  readonly json: boolean;
}

/** Rebuilds the read tables. */
export const rebuild = async (
  { 'dry-run': dryRun, keep, pace, json }: RebuildOptions,
  environment: NodeJS.ProcessEnv,
): Promise<ExitCode> => {
  const config = readConfig(environment, ['databaseUrl']);
  if (!config) return exitCodes.wrong;
  const signal = listenForStop(environment);
  const beganMs = clock.monotonicMs();
  const report = json ? () => undefined : stagePrinter();
  try {
    const rebuilt = await rebuildTables({
      dryRun,
      keep,
      pace,
      url: config.databaseUrl,
      signal,
      clock,
      random,
      report,
    });
    const tookMs = Math.round(clock.monotonicMs() - beganMs);
    process.stdout.write(json ? jsonOf({ ...rebuilt, tookMs }) : textOf(rebuilt, tookMs));
    return dryRun && rebuilt.differences.count > 0 ? exitCodes.attention : exitCodes.done;
  } catch (error) {
    if (!signal.aborted) throw error;
    complain('rebuild', 'cancelled: the tables are as they were');
    return exitCodes.failed;
  }
};

/** Prints a line for each stage, and the progress of a long one from time to time. */
const stagePrinter = () => {
  let last = '';
  let saidMs = 0;
  return (stage: RebuildStage): void => {
    const nowMs = clock.monotonicMs();
    if (stage.type === last && nowMs - saidMs < printEveryMs) return;
    last = stage.type;
    saidMs = nowMs;
    process.stderr.write(`${lineOf(stage)}\n`);
  };
};

const lineOf = (stage: RebuildStage): string => {
  switch (stage.type) {
    case 'replaying':
      return `replaying the journal: ${grouped(stage.decisions)} of ${grouped(stage.of)} decisions`;
    case 'comparing':
      return `comparing: ${grouped(stage.rows)} rows of ${stage.table}`;
    case 'compared':
      return 'compared';
    case 'locking':
      return 'asking for the partitions';
    case 'holding':
      return 'holding the partitions: replaying what is left';
    case 'switching':
      return 'switching';
    case 'switched':
      return `switched: the partitions were held for ${stage.heldMs} ms`;
    case 'not-dropped':
      return `tables that end in _rebuild or _before are left, and the next rebuild drops them: ${stage.why}`;
  }
};

const grouped = (count: number): string => count.toLocaleString('en');

const textOf = (rebuilt: RebuildResult, tookMs: number): string => {
  const { differences, switched, decisions, heldMs, kept } = rebuilt;
  const { count, named } = differences;
  const took = `${grouped(decisions)} decisions replayed in ${(tookMs / 1_000).toFixed(1)} s`;
  return [
    count === 0
      ? `the tables were what the journal says; ${took}`
      : `${grouped(count)} things in the tables were not what the journal says; ${took}`,
    ...namedText(named),
    ...(count > named.length ? [`and ${grouped(count - named.length)} more`] : []),
    switched
      ? `the new tables are in place; no batch could be committed for ${heldMs} ms`
      : 'nothing was changed (dry run)',
    ...(kept.length > 0 ? [`kept: ${kept.join(', ')}`] : []),
    '',
  ].join('\n');
};

const namedText = (named: RebuildResult['differences']['named']): readonly string[] => {
  if (named.length === 0) return [];
  const rows = named.map(({ what, table, key }) => [what, table, key]);
  return [tableOf(['what', 'table', 'key'], rows).trimEnd()];
};
