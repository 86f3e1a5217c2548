import type { RepairStore } from '../../store/repair/open-repair-store.ts';
import { isWhole, type ParkedState } from '../../store/rows/parked-record.ts';
import type { EntryKey } from '../options/values.ts';
import { complain, type ExitCode, exitCodes } from '../print/exit-codes.ts';
import { jsonOf } from '../print/print-json.ts';
import { readConfig } from '../read-config.ts';
import { type Dismissals, dismissEntries } from './dismiss-entries.ts';
import { groupsText, recordsText, recordText } from './print-parked.ts';
import { filterOf, withRepairStore } from './with-repair-store.ts';

interface ParkedOptions extends Dismissals {
  readonly list: boolean;
  readonly show: EntryKey | undefined;
  /** Includes dismissed entries. */
  readonly dismissed: boolean;
  readonly partition: number | undefined;
  readonly reason: string | undefined;
  readonly limit: number;
  readonly json: boolean;
}

const previewBytes = 200;

/** Lists entries that could not be decided, and dismisses or restores them. */
export const parked = async (options: ParkedOptions, environment: NodeJS.ProcessEnv): Promise<ExitCode> => {
  const config = readConfig(environment, ['databaseUrl']);
  if (!config) return exitCodes.wrong;
  return await withRepairStore(config, async (store) => {
    if (options.because !== undefined || options.restore.length > 0)
      return await dismissEntries(store, options);
    if (options.show) return await show(store, options.show, options);
    return options.list ? await list(store, options) : await summarise(store, options);
  });
};

const summarise = async (store: RepairStore, options: ParkedOptions): Promise<ExitCode> => {
  const { dismissed, json } = options;
  const isShown = (state: ParkedState): boolean =>
    state !== 'decided' && (dismissed || state !== 'dismissed');
  const groups = (await store.parkedGroups(filterOf(options))).filter(({ state }) => isShown(state));
  const waiting = groups.some(({ state }) => state === 'waiting' || state === 'sending');
  if (json) process.stdout.write(jsonOf({ groups }));
  else process.stdout.write(groups.length === 0 ? 'nothing is parked\n' : groupsText(groups));
  return waiting ? exitCodes.attention : exitCodes.done;
};

const list = async (store: RepairStore, options: ParkedOptions): Promise<ExitCode> => {
  const { dismissed, limit, json } = options;
  const page = { waiting: false, dismissed, limit: limit + 1, bytesMax: previewBytes };
  const found = await store.parked({ ...filterOf(options), ...page });
  const records = found.slice(0, limit);
  const more = found.length > limit;
  if (json) process.stdout.write(jsonOf({ entries: records, more }));
  else {
    process.stdout.write(records.length === 0 ? 'nothing is parked\n' : recordsText(records));
    if (more) process.stdout.write(`and more: --limit shows ${limit}\n`);
  }
  const waiting = found.some(({ state }) => state === 'waiting' || state === 'sending');
  return waiting ? exitCodes.attention : exitCodes.done;
};

const show = async (store: RepairStore, key: EntryKey, { json }: ParkedOptions): Promise<ExitCode> => {
  const records = await store.parkedAt(key);
  if (records.length === 0) {
    complain('parked', `nothing is parked at ${key.partition}/${key.streamId}`);
    return exitCodes.failed;
  }
  const entries = records.map((record) => ({ ...record, whole: isWhole(record) }));
  if (json) process.stdout.write(jsonOf({ entries }));
  else process.stdout.write(entries.map((record) => recordText(record, record.whole)).join('\n'));
  return exitCodes.done;
};
