import type { Clock } from '../../../src/domain/ports.ts';
import { blockMsMax } from '../../../src/log/connection/connect.ts';
import type { PartitionLog } from '../../../src/log/contract.ts';
import type { Wire } from '../wire.ts';
import { countUpTo } from './places.ts';
import type { Bell, ServerState } from './server-state.ts';

type WaitRequest = Parameters<PartitionLog['waitForEntries']>[0];

export interface DoorbellOptions {
  readonly server: ServerState;
  readonly wire: Wire;
  readonly clock: Clock;
}

/**
 * Blocking reads: a series of short ones as in src/log/partition/wait-for-entries.ts; if an answer is lost,
 * the read is repeated.
 */
export const newMemoryDoorbell =
  (options: DoorbellOptions): PartitionLog['waitForEntries'] =>
  async (request) => {
    const { clock } = options;
    const deadlineMs = clock.monotonicMs() + request.timeoutMs;
    while (!request.signal.aborted) {
      const leftMs = deadlineMs - clock.monotonicMs();
      if (leftMs <= 0 || (await ring(options, request, Math.min(leftMs, blockMsMax)))) return;
    }
  };

/**
 * Whether an entry was there or came within `blockMs`. Aborting ends the wait at once, whatever is in flight.
 */
const ring = async (options: DoorbellOptions, request: WaitRequest, blockMs: number): Promise<boolean> => {
  const { server, wire, clock } = options;
  const { partition, after, signal } = request;
  const over = new AbortController();
  const end = (): void => over.abort('over');
  const bell: Bell = { after, ring: () => wire.tell(`doorbell of ${partition}`, end) };
  const bells = server.bells.get(partition);
  signal.addEventListener('abort', end, { once: true });
  try {
    const asked = wire.ask(`wait for ${partition}`, () => {
      const { entries } = server.stream(partition);
      const there = countUpTo(entries, after) < entries.length;
      if (!there && !over.signal.aborted) bells?.add(bell);
      return there;
    });
    const there = await Promise.race([asked, aborted(over.signal)]);
    if (!there && !over.signal.aborted) await clock.sleep(blockMs, over.signal);
    return there || over.signal.aborted;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  } finally {
    signal.removeEventListener('abort', end);
    bells?.delete(bell);
  }
};

const aborted = (signal: AbortSignal): Promise<false> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(false), { once: true }));
