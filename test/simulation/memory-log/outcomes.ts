import type { Clock } from '../../../src/domain/ports.ts';
import {
  type ListeningOptions,
  newListening,
  type OpenOutcomes,
} from '../../../src/log/outcomes/listening.ts';
import type { Timer } from '../../../src/log/outcomes/wait.ts';
import type { Wire } from '../wire.ts';
import type { ServerState } from './server-state.ts';
import { newMemorySubscriptions } from './subscriptions.ts';

export interface MemoryOutcomesOptions extends Omit<ListeningOptions, 'subscribe' | 'alarm'> {
  readonly server: ServerState;
  readonly wire: Wire;
  readonly clock: Clock;
}

export const newMemoryOutcomes = ({ server, wire, clock, ...options }: MemoryOutcomesOptions): OpenOutcomes =>
  newListening({
    ...options,
    timer: alarmOn(clock),
    subscribe: (subscriber) =>
      newMemorySubscriptions({ ...subscriber, channels: server.channels, wire, clock }),
  });

const alarmOn =
  (clock: Clock): Timer =>
  (ms, ring) => {
    const off = new AbortController();
    void clock.sleep(ms, off.signal).then(() => {
      if (!off.signal.aborted) ring();
    });
    return () => off.abort('off');
  };
