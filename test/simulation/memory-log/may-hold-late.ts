import { beforeAll } from '../../../src/domain/stream-id.ts';
import type { PartitionState } from './partition-state.ts';
import { isAfter } from './places.ts';

/** Some entry is not delivered yet, or late ones were and are noted. */
export const mayHoldLate = ({ entries, position = beforeAll, lateFrom }: PartitionState): boolean =>
  lateFrom !== undefined || isAfter(entries.at(-1)?.streamId ?? beforeAll, position);
