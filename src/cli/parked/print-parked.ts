import type { ParkedGroup } from '../../store/repair/read-parked.ts';
import type { ParkedRecord, ParkedState } from '../../store/rows/parked-record.ts';
import { fieldsOf, printable, tableOf, timeText } from '../print/print-table.ts';

/** The text for each state. */
const stateText: Readonly<Record<ParkedState, string>> = {
  waiting: 'waits',
  sending: 'cut off while being sent again',
  sent: 'sent again, not decided yet',
  'parked-again': 'sent again, parked again',
  dismissed: 'dismissed',
  decided: 'decided',
};

export const groupsText = (groups: readonly ParkedGroup[]): string =>
  tableOf(
    ['entries', 'state', 'oldest', 'newest', 'reason'],
    groups.map(({ reason, state, entries, oldestMs, newestMs }) => [
      entries,
      stateText[state],
      timeText(oldestMs),
      timeText(newestMs),
      reason,
    ]),
  );

const previewCharacters = 60;

export const recordsText = (records: readonly ParkedRecord[]): string =>
  tableOf(
    ['entry', 'request', 'attempts', 'state', 'redriven as', 'reason', 'begins with'],
    records.map(({ partition, streamId, requestId, attempts, state, redrivenAs, reason, raw }) => [
      `${partition}/${streamId}`,
      requestId,
      attempts,
      stateText[state],
      redrivenAs,
      reason,
      raw.toString().slice(0, previewCharacters),
    ]),
  );

/** Everything that is known of one entry, and the entry itself at the end. */
export const recordText = (record: ParkedRecord, whole: boolean): string => {
  const { partition, streamId, requestId, reason, attempts, parkedAtMs, state, redrivenAs } = record;
  const { decision, dismissal } = record;
  const fields = {
    entry: `${partition}/${streamId}`,
    request: requestId ?? 'could not be read',
    reason,
    attempts,
    'parked at': timeText(parkedAtMs),
    state: stateText[state],
    dismissed: dismissal && `${timeText(dismissal.atMs)} by ${dismissal.by}, because ${dismissal.because}`,
    'redriven as': redrivenAs,
    decision: decision && `${decision.type}, of the entry ${decision.streamId}`,
    bytes: whole ? record.bytes : `the first ${record.bytes}: the rest was cut, so it cannot be redriven`,
    sha256: record.sha256.toString('hex'),
  };
  return `${fieldsOf(fields)}\n${printable(record.raw.toString())}\n`;
};
