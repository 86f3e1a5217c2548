import type { Config } from '../config.ts';
import { newAppender } from '../log/append.ts';
import { openNodes } from '../log/open-nodes.ts';
import { redriveScripts } from '../log/scripts-of-roles.ts';
import type { RepairStore } from '../store/open-repair-store.ts';
import type { ParkedPlace, ParkedRecord } from '../store/parked-record.ts';
import type { ParkedFilter } from '../store/read-parked.ts';
import { newLogger } from '../telemetry/logger.ts';
import { exitCodes } from './exit-codes.ts';
import { jsonOf } from './print-json.ts';
import { printable } from './print-table.ts';
import { readConfig } from './read-config.ts';
import { complain, type Place, parsePartition, parsePlace, parseWhole, readOptions } from './read-options.ts';
import { type Redrive, type RedriveEnd, type Redriven, redriveEntries } from './redrive-entries.ts';
import { newProcessId } from './system.ts';
import { withRepairStore } from './with-repair-store.ts';

const shapes = {
  partition: { type: 'string' },
  reason: { type: 'string' },
  id: { type: 'string' },
  limit: { type: 'string' },
  'dry-run': { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

interface Wanted {
  readonly filter: ParkedFilter;
  readonly id?: Place;
  readonly limit: number;
  readonly dryRun: boolean;
  readonly json: boolean;
}

const limitDefault = 100;
const limitMax = 10_000;
const pageSize = 20;
/** A page holds that much of each entry: all that is kept. */
const bytesMax = 65_536;

/** Sends parked entries again, so that they are decided now. */
export const redrive = async (args: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> => {
  const wanted = wantedOf(args);
  if (!wanted) return exitCodes.wrong;
  const config = readConfig(environment, ['databaseUrl', ...(wanted.dryRun ? [] : (['redisUrl'] as const))]);
  if (!config) return exitCodes.wrong;
  return await withRepairStore({ verb: 'redrive', config }, async (store) => {
    const lines: Redriven[] = [];
    const tell = (line: Redriven): void => {
      if (!wanted.json) process.stdout.write(lineOf(line));
      else if (lines.length < limitMax) lines.push(line);
    };
    const entries = wanted.id ? oneEntry(store, wanted.id) : pages(store, wanted.filter);
    const work = { entries, limit: wanted.limit, tell };
    const end = wanted.dryRun ? await redriveEntries(work) : await redriveTogether(store, config, work);
    if (end === 'busy') {
      complain('redrive', 'another redrive is at work in this database');
      return exitCodes.failed;
    }
    if (wanted.json) process.stdout.write(jsonOf({ ...end, entries: lines.map(withoutBytes) }));
    return told(end, wanted);
  });
};

const wantedOf = (args: readonly string[]): Wanted | undefined => {
  const options = readOptions({ verb: 'redrive', args, options: shapes });
  if (!options) return undefined;
  const { json = false, reason } = options;
  const partition = options.partition === undefined ? undefined : parsePartition(options.partition);
  const id = options.id === undefined ? undefined : parsePlace(options.id);
  const limit = parseWhole(options.limit ?? String(limitDefault), { min: 1, max: limitMax });
  if (options.partition !== undefined && partition === undefined)
    complain('redrive', `--partition must be the number of a partition, not ${options.partition}`);
  else if (options.id !== undefined && !id)
    complain('redrive', `--id wants <partition>/<stream id>, as parked --list prints it, not ${options.id}`);
  else if (limit === undefined) complain('redrive', `--limit must be 1 to ${limitMax}, not ${options.limit}`);
  else {
    const filter = { ...(partition !== undefined && { partition }), ...(reason !== undefined && { reason }) };
    return { filter, limit, dryRun: options['dry-run'] ?? false, json, ...(id && { id }) };
  }
  return undefined;
};

/** By partition, the oldest first; what is sent meanwhile falls out of the pages to come, and none is passed over. */
async function* pages(store: RepairStore, filter: ParkedFilter): AsyncGenerator<ParkedRecord> {
  let after: ParkedPlace | undefined;
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

/** Also one that was sent again already, as long as it is not decided: what Redis lost meanwhile can be sent once more. */
async function* oneEntry(store: RepairStore, place: Place): AsyncGenerator<ParkedRecord> {
  const records = await store.parkedAt(place);
  if (records.length === 0) throw new Error(`nothing is parked at ${place.partition}/${place.streamId}`);
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

const lineOf = (line: Redriven): string => {
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

const withoutBytes = ({ entry, ...line }: Redriven) => {
  const { raw: _raw, sha256: _sha256, ...rest } = entry;
  return { ...rest, ...line };
};

const told = ({ sent, left, more, stopped }: RedriveEnd, { dryRun, json }: Wanted): number => {
  const counts = `${sent} ${dryRun ? 'would be sent' : 'sent'}, ${left} left`;
  if (stopped !== undefined) {
    complain('redrive', `${counts}; stopped: ${stopped}`);
    return exitCodes.failed;
  }
  if (!json) process.stdout.write(`${counts}${more ? ', and more wait: run it again' : ''}\n`);
  return left > 0 ? exitCodes.attention : exitCodes.done;
};
