import { hostname, userInfo } from 'node:os';
import type { RedriveMarks } from '../../store/repair/mark-redriven.ts';
import type { RepairStore } from '../../store/repair/open-repair-store.ts';
import type { Dismissal, ParkedRecord, ParkedState } from '../../store/rows/parked-record.ts';
import type { EntryKey } from '../options/values.ts';
import { complain, type ExitCode, exitCodes } from '../print/exit-codes.ts';
import { printable, timeText } from '../print/print-table.ts';
import { realClock } from '../system.ts';

/** The entries to dismiss, with the reason; or the dismissed entries to restore. */
export interface Dismissals {
  readonly dismiss: readonly EntryKey[];
  /** Goes with `dismiss`. */
  readonly because: string | undefined;
  readonly restore: readonly EntryKey[];
}

/** Dismisses or restores without asking again. Never runs beside a redrive: a lock in the database prevents it. */
export const dismissEntries = async (
  store: RepairStore,
  { dismiss, because, restore }: Dismissals,
): Promise<ExitCode> => {
  const dismissal = because === undefined ? undefined : newDismissal(because);
  const done = await store.redriving(async (marks) => {
    let code: ExitCode = exitCodes.done;
    for (const key of [...dismiss, ...restore])
      if (!(await isChanged(store, marks, key, dismissal))) code = exitCodes.failed;
    return code;
  });
  if (done.type === 'done') return done.value;
  complain('parked', 'a redrive is at work in this database: try again when it has ended');
  return exitCodes.failed;
};

/** Dismisses the entry, or restores it when no dismissal is given. Resolves to whether there was one to change. */
const isChanged = async (
  store: RepairStore,
  marks: RedriveMarks,
  key: EntryKey,
  dismissal: Dismissal | undefined,
): Promise<boolean> => {
  const id = `${key.partition}/${key.streamId}`;
  const records = await store.parkedAt(key);
  const fits = dismissal ? isWaiting : isDismissed;
  const fitting = records.filter(({ state }) => fits(state));
  let changed = 0;
  for (const record of fitting) if (await marks.dismiss(record, dismissal)) changed += 1;
  if (changed === 0) {
    complain('parked', `${id} ${whyNot(records[0], dismissal ? 'dismiss' : 'restore')}`);
    return false;
  }
  process.stdout.write(
    `${id} ${dismissal ? dismissedText(dismissal, fitting) : 'waits again: onsale redrive'}\n`,
  );
  return true;
};

/** The states that the metric counts. */
const isWaiting = (state: ParkedState): boolean => state === 'waiting' || state === 'sending';
const isDismissed = (state: ParkedState): boolean => state === 'dismissed';

/** A longer name does not fit into the column and is cut; no person has one. */
const nameMax = 255;

const newDismissal = (because: string): Dismissal => ({
  atMs: realClock.nowMs(),
  by: `${nameOfUser()}@${hostname()}`.toWellFormed().slice(0, nameMax),
  because,
});

/** A container may run as a number that has no name. */
const nameOfUser = (): string => {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
};

const dismissedText = ({ by }: Dismissal, records: readonly ParkedRecord[]): string => {
  const ids = records.flatMap(({ requestId }) => requestId ?? []);
  const pending = ids.length > 0 ? `; ${ids.join(', ')} stays pending for its customer` : '';
  return `dismissed by ${printable(by)}${pending}`;
};

const whyNot = (record: ParkedRecord | undefined, type: 'dismiss' | 'restore'): string => {
  if (!record) return 'is not parked';
  const { state, dismissal } = record;
  if (dismissal && type === 'dismiss')
    return `was dismissed ${timeText(dismissal.atMs)} by ${printable(dismissal.by)}: ${printable(dismissal.because)}`;
  if (type === 'restore') return 'was not dismissed';
  return state === 'decided'
    ? 'needs no dismissal: its request is decided'
    : 'was sent again: what waits now is the entry it was sent as (parked --list)';
};
