import { asError } from '../store/database-error.ts';
import { type Rebuilt, rebuildTables } from '../store/rebuild-tables.ts';
import type { RebuildStage } from '../store/rebuild-work.ts';
import { exitCodes } from './exit-codes.ts';
import { readConfig } from './read-config.ts';
import { complain, complainOfUse, parseWhole, readOptions } from './read-options.ts';
import { listenForStop } from './stop-signal.ts';
import { realClock as clock, realRandom as random } from './system.ts';

const paceUsually = 5_000;
const sayEveryMs = 2_000;

const shapes = {
  'dry-run': { type: 'boolean', default: false },
  keep: { type: 'boolean', default: false },
  pace: { type: 'string', default: String(paceUsually) },
  json: { type: 'boolean', default: false },
} as const;

interface Wanted {
  readonly dryRun: boolean;
  readonly keep: boolean;
  readonly pace: number;
  readonly json: boolean;
}

const paceMax = 1_000_000;

/** Undefined after the line that says what is wrong. */
const wantedOf = (args: readonly string[]): Wanted | undefined => {
  const options = readOptions({ verb: 'rebuild', args, options: shapes });
  if (!options) return undefined;
  const { 'dry-run': dryRun, keep, json } = options;
  const pace = parseWhole(options.pace, { min: 1, max: paceMax });
  if (pace !== undefined) return { dryRun, keep, pace, json };
  complainOfUse('rebuild', `--pace must be 1 to ${paceMax}, not ${options.pace}`);
  return undefined;
};

/** Rebuilds the read tables. 0 done, or nothing differs; 1 not done; 2 asked wrongly; 3 a dry run found differences. */
export const rebuild = async (args: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> => {
  const wanted = wantedOf(args);
  if (!wanted) return exitCodes.wrong;
  const config = readConfig(environment, ['databaseUrl']);
  if (!config) return exitCodes.wrong;
  const signal = listenForStop(environment);
  const beganMs = clock.monotonicMs();
  const tell = wanted.json ? () => undefined : sayStages();
  try {
    const rebuilt = await rebuildTables({ ...wanted, url: config.databaseUrl, signal, clock, random, tell });
    const tookMs = Math.round(clock.monotonicMs() - beganMs);
    process.stdout.write(
      wanted.json ? `${JSON.stringify({ ...rebuilt, tookMs })}\n` : textOf(rebuilt, tookMs),
    );
    return wanted.dryRun && rebuilt.differences.count > 0 ? exitCodes.attention : exitCodes.done;
  } catch (error) {
    complain('rebuild', signal.aborted ? cancelled : asError(error).message);
    return exitCodes.failed;
  }
};

const cancelled = 'cancelled: the tables are as they were';

/** A line for each stage, and now and then one for how far a long one has come. */
const sayStages = () => {
  let last = '';
  let saidMs = 0;
  return (stage: RebuildStage): void => {
    const nowMs = clock.monotonicMs();
    if (stage.type === last && nowMs - saidMs < sayEveryMs) return;
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

const textOf = (rebuilt: Rebuilt, tookMs: number): string => {
  const { differences, switched, decisions, heldMs, kept } = rebuilt;
  const { count, named } = differences;
  const took = `${grouped(decisions)} decisions replayed in ${(tookMs / 1_000).toFixed(1)} s`;
  return [
    count === 0
      ? `the tables were what the journal says; ${took}`
      : `${grouped(count)} things in the tables were not what the journal says; ${took}`,
    ...named.map(({ what, table, key }) => `  ${what.padEnd(10)} ${table.padEnd(22)} ${key}`),
    ...(count > named.length ? [`  and ${grouped(count - named.length)} more`] : []),
    switched
      ? `the new tables are in place; no batch could be committed for ${heldMs} ms`
      : 'nothing was changed (dry run)',
    ...(kept.length > 0 ? [`kept: ${kept.join(', ')}`] : []),
    '',
  ].join('\n');
};
