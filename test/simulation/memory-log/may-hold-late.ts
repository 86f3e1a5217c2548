import { beforeAll } from '../../../src/domain/stream-id.ts';
import type { PartitionState } from './partition-state.ts';
import { isAfter } from './places.ts';

/** True if some entry is not delivered yet, or if delivered late entries are noted. */
export const mayHoldLate = ({ entries, position = beforeAll, lateFrom }: PartitionState): boolean =>
  lateFrom !== undefined || isAfter(entries.at(-1)?.streamId ?? beforeAll, position);
