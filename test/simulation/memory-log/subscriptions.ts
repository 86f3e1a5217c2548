import type { Clock } from '../../../src/domain/ports.ts';
import type { Subscriber, Subscriptions } from '../../../src/log/outcomes/subscriptions.ts';
import type { Wire } from '../wire.ts';
import type { Channel, Channels } from './server-state.ts';

export interface MemorySubscriptionsOptions extends Subscriber {
  readonly channels: Channels;
  readonly wire: Wire;
  readonly clock: Clock;
}

interface Subscription {
  readonly connection: number;
  stands: boolean;
}

/**
 * There is no event for a reconnect here, so the connection is polled at this interval while there are
 * listeners.
 */
const lookMs = 250;

/**
 * Subscribes to the channels of partitions with listeners, and again after every reconnect, as
 * src/log/outcomes/subscriptions.ts does. It never unsubscribes.
 */
export const newMemorySubscriptions = (options: MemorySubscriptionsOptions): Subscriptions => {
  const { channels, wire, clock, isWanted, onSubscribed, onMessage } = options;
  const subscriptions = new Map<number, Subscription>();
  const stopping = new AbortController();
  let looking = false;

  const isCurrent = (partition: number, subscription: Subscription): boolean =>
    subscriptions.get(partition) === subscription && subscription.connection === wire.connection();

  const join = async (partition: number): Promise<void> => {
    const subscription: Subscription = { connection: wire.connection(), stands: false };
    subscriptions.set(partition, subscription);
    const channel: Channel = (message) => {
      const stands = isCurrent(partition, subscription);
      if (stands)
        wire.tell(`outcomes of ${partition}`, () => {
          if (isCurrent(partition, subscription)) onMessage(partition, Buffer.from(message));
        });
      return stands;
    };
    try {
      await wire.ask(`subscribe to ${partition}`, () => channels.get(partition)?.add(channel));
      if (!isCurrent(partition, subscription)) return;
      subscription.stands = true;
      onSubscribed(partition);
    } catch {
      // Subscribed again as long as there is a listener.
      if (subscriptions.get(partition) === subscription) subscriptions.delete(partition);
    }
  };

  const joined = (partition: number): boolean => {
    const known = subscriptions.get(partition);
    if (known && known.connection === wire.connection()) return known.stands;
    void join(partition);
    return false;
  };

  const wanted = (): readonly number[] => [...channels.keys()].filter(isWanted);

  const look = async (): Promise<void> => {
    looking = true;
    for (;;) {
      await clock.sleep(lookMs, stopping.signal);
      const partitions = stopping.signal.aborted ? [] : wanted();
      if (partitions.length === 0) break;
      for (const partition of partitions) joined(partition);
    }
    looking = false;
  };

  return {
    want: (partition) => {
      if (!looking) void look();
      return joined(partition);
    },
    stop: () => stopping.abort(),
  };
};
