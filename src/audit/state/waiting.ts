import type { RequestId } from '../../domain/ids.ts';
import type { Operation } from '../contract.ts';

/** Whether requests whose ids clients were given are on the streams, decided or not. */
export interface Waiting {
  /** False where no client reported a call; then the streams need not be read to their ends. */
  readonly isNeeded: boolean;
  readonly saw: (requestId: RequestId | undefined) => void;
  readonly wasSeen: (requestId: RequestId) => boolean;
}

export const newWaiting = (operations: ReadonlyMap<RequestId, Operation['end']>): Waiting => {
  const seen = new Set<RequestId>();
  return {
    isNeeded: operations.size > 0,
    saw: (requestId) => {
      if (requestId && operations.get(requestId) === 'ok') seen.add(requestId);
    },
    wasSeen: (requestId) => seen.has(requestId),
  };
};
