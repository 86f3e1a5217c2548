import type { Config } from '../../config.ts';
import { newAppender } from '../../log/append/append.ts';
import { openNodes } from '../../log/cluster/open-nodes.ts';
import { redriveScripts } from '../../log/connection/scripts-of-roles.ts';
import type { RepairStore } from '../../store/repair/open-repair-store.ts';
import type { ParkedFilter } from '../../store/repair/read-parked.ts';
import type { ParkedKey, ParkedRecord } from '../../store/rows/parked-record.ts';
import { newLogger } from '../../telemetry/logger.ts';
import type { EntryKey } from '../options/values.ts';
import { complain, type ExitCode, exitCodes } from '../print/exit-codes.ts';
import { jsonOf } from '../print/print-json.ts';
import { printable } from '../print/print-table.ts';
import { readConfig } from '../read-config.ts';
import { newProcessId } from '../system.ts';
import { type Redrive, type RedriveEnd, type RedriveResult, redriveEntries } from './redrive-entries.ts';
import { filterOf, withRepairStore } from './with-repair-store.ts';

interface RedriveOptions {
  readonly id: EntryKey | undefined;
  readonly partition: number | undefined;
  readonly reason: string | undefined;
  readonly limit: number;
  readonly 'dry-run': boolean;
  readonly json: boolean;
}

/** The most lines that are kept for one document. */
const linesMax = 10_000;
const pageSize = 20;
/** A page holds the whole text that is kept of each entry. */
const bytesMax = 65_536;

/** Sends parked entries again, so that they are decided now. */
export const redrive = async (options: RedriveOptions, environment: NodeJS.ProcessEnv): Promise<ExitCode> => {
  const { id, limit, 'dry-run': dryRun, json } = options;
  const config = readConfig(environment, ['databaseUrl', ...(dryRun ? [] : (['redisUrl'] as const))]);
  if (!config) return exitCodes.wrong;
  return await withRepairStore(config, async (store) => {
    const lines: RedriveResult[] = [];
    const report = (line: RedriveResult): void => {
      if (!json) process.stdout.write(lineOf(line));
      else if (lines.length < linesMax) lines.push(line);
    };
    const entries = id ? oneEntry(store, id) : pages(store, filterOf(options));
    const work = { entries, limit, report };
    const end = dryRun ? await redriveEntries(work) : await redriveTogether(store, config, work);
    if (end === 'busy') {
      complain('redrive', 'another redrive is at work in this database');
      return exitCodes.failed;
    }
    if (json) process.stdout.write(jsonOf({ ...end, entries: lines.map(withoutBytes) }));
    return told(end, options);
  });
};

/** By partition, the oldest first. Entries that are sent meanwhile leave the later pages; none is skipped. */
async function* pages(store: RepairStore, filter: ParkedFilter): AsyncGenerator<ParkedRecord> {
  let after: ParkedKey | undefined;
  for (;;) {
    const page = await store.parked({
      ...filter,
      waiting: true,
      limit: pageSize,
      bytesMax,
      ...(after && { after }),
    });
    yield* page;
    after = page.at(-1);
    if (page.length < pageSize) return;
  }
}

/** Includes entries that were sent again and are not decided yet: Redis may have lost them, and they can be sent once more. */
async function* oneEntry(store: RepairStore, key: EntryKey): AsyncGenerator<ParkedRecord> {
  const records = await store.parkedAt(key);
  if (records.length === 0) throw new Error(`nothing is parked at ${key.partition}/${key.streamId}`);
  yield* records;
}

const redriveTogether = async (
  store: RepairStore,
  config: Config,
  work: Omit<Redrive, 'to'>,
): Promise<RedriveEnd | 'busy'> => {
  const logger = newLogger({ level: 'silent', roles: ['redrive'] });
  const nodes = await openNodes({
    url: config.redisUrl,
    name: newProcessId(),
    logger,
    scripts: redriveScripts,
  });
  try {
    const appender = newAppender({ nodeOf: await nodes.openProducer(), durability: config.durability });
    const done = await store.redriving((marks) => redriveEntries({ ...work, to: { marks, appender } }));
    return done.type === 'busy' ? done.type : done.value;
  } finally {
    await nodes.close();
  }
};

const lineOf = (line: RedriveResult): string => {
  const { partition, streamId, requestId } = line.entry;
  const what = `${partition}/${streamId} ${requestId ?? ''}`.trimEnd();
  switch (line.type) {
    case 'sent':
      return `${what} ${line.request} sent as ${line.as}\n`;
    case 'would-send':
      return `${what} ${line.request} would be sent\n`;
    case 'left':
      return `${what} left: ${printable(line.why)}\n`;
  }
};

const withoutBytes = ({ entry, ...line }: RedriveResult) => {
  const { raw: _raw, sha256: _sha256, ...rest } = entry;
  return { ...rest, ...line };
};

const told = (
  { sent, left, more, stopped }: RedriveEnd,
  { 'dry-run': dryRun, json }: RedriveOptions,
): ExitCode => {
  const counts = `${sent} ${dryRun ? 'would be sent' : 'sent'}, ${left} left`;
  if (stopped !== undefined) {
    complain('redrive', `${counts}; stopped: ${stopped}`);
    return exitCodes.failed;
  }
  if (!json) process.stdout.write(`${counts}${more ? ', and more wait: run it again' : ''}\n`);
  return left > 0 ? exitCodes.attention : exitCodes.done;
};
