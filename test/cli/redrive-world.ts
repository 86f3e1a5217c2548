import { waitUntil } from '../../infra/local/wait-until.ts';
import {
  type Redrive,
  type RedriveEnd,
  type RedriveResult,
  redriveEntries,
} from '../../src/cli/parked/redrive-entries.ts';
import type { RequestEvent } from '../../src/domain/requests.ts';
import { requestIdOf } from '../../src/domain/requests.ts';
import { newAppender } from '../../src/log/append/append.ts';
import { closeConnection, connect } from '../../src/log/connection/connect.ts';
import type { OwnedPartition } from '../../src/projector/owned-partition.ts';
import { step } from '../../src/projector/step.ts';
import { openRepairStore, type RepairStore } from '../../src/store/repair/open-repair-store.ts';
import type { ParkedRecord } from '../../src/store/rows/parked-record.ts';
import { newLogger } from '../../src/telemetry/logger.ts';
import { openFixture, type ProjectorFixture } from '../projector/projector-fixture.ts';

type RedriveTarget = NonNullable<Redrive['to']>;

/** A projector on real servers, and a redrive of parked entries. */
export interface RedriveWorld
  extends Pick<ProjectorFixture, 'redis' | 'urls' | 'store' | 'append' | 'audit'> {
  readonly repair: RepairStore;
  /** A new owner. Its database refuses these requests as long as they are in the list. */
  readonly own: (refused?: readonly RequestEvent[]) => Promise<OwnedPartition>;
  /** Decides all entries, as the given owner or as a new one. */
  readonly work: (by?: OwnedPartition | readonly RequestEvent[]) => Promise<void>;
  /** Sends the waiting entries, or these. */
  readonly redrive: (
    faults?: (to: RedriveTarget) => RedriveTarget,
    these?: readonly ParkedRecord[],
  ) => Promise<RedriveEnd & { lines: RedriveResult[] }>;
  readonly parked: () => Promise<readonly ParkedRecord[]>;
  readonly close: () => Promise<void>;
}

export const openRedriveWorld = async (): Promise<RedriveWorld> => {
  const it = await openFixture();
  const repair = await openRepairStore(it.urls.databaseUrl);
  const logger = newLogger({ level: 'silent', roles: ['test'] });
  const producer = await connect({ url: it.urls.redisUrl, kind: 'producer', name: 'test', logger });
  const appender = newAppender({ nodeOf: () => producer, durability: 'disk' });
  const list = (waiting: boolean): Promise<readonly ParkedRecord[]> =>
    repair.parked({ waiting, limit: 1_000, bytesMax: 65_536 });
  async function* these(records: readonly ParkedRecord[]): AsyncGenerator<ParkedRecord> {
    yield* records;
  }
  const redrive: RedriveWorld['redrive'] = async (faults = (to) => to, records) => {
    const entries = these(records ?? (await list(true)));
    const lines: RedriveResult[] = [];
    const report = (line: RedriveResult): void => {
      lines.push(line);
    };
    const done = await repair.redriving((marks) =>
      redriveEntries({ entries, to: faults({ marks, appender }), limit: 100, report }),
    );
    if (done.type === 'busy') throw new Error('somebody else redrives');
    return { ...done.value, lines };
  };
  const own: RedriveWorld['own'] = (refused = []) => it.own({ store: refusing(it.store, refused) });
  return {
    ...it,
    repair,
    own,
    work: async (by = []) => untilIdle('partition' in by ? by : await own(by)),
    redrive,
    parked: () => list(false),
    close: async () => {
      await Promise.all([repair.close(), closeConnection(producer)]);
      await it.close();
    },
  };
};

const untilIdle = async (owned: OwnedPartition): Promise<void> => {
  const isIdle = async (): Promise<boolean> => (await step(owned)).type === 'idle';
  if (!(await waitUntil(isIdle, { limitMs: 10_000, everyMs: 1 }))) throw new Error('never idle');
};

/**
 * Fails as the database does for a full pool that the ledger does not show, or for a column that is too
 * narrow.
 */
const refusing = (
  store: ProjectorFixture['store'],
  requests: readonly RequestEvent[],
): ProjectorFixture['store'] => {
  return {
    ...store,
    commit: async (batch) =>
      batch.entries.some(({ requestId }) => requests.some((each) => requestIdOf(each) === requestId))
        ? { type: 'refused', error: new Error('it is indigestible') }
        : await store.commit(batch),
  };
};
