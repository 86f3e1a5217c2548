import type { Redis } from 'ioredis';

/** The receiver of the messages of all channels. */
export interface Subscriber {
  readonly isWanted: (partition: number) => boolean;
  /** From now on no message of the partition is missed; earlier ones may have been. */
  readonly onSubscribed: (partition: number) => void;
  readonly onMessage: (partition: number, message: Buffer) => void;
}

export interface SubscriptionsOptions extends Subscriber {
  /** A `subscriber` connection of its own. */
  readonly redis: Redis;
  readonly channelOf: (partition: number) => string;
  /** How often idle channels are left and the connection is tested. */
  readonly sweepMs?: number;
}

export interface Subscriptions {
  /** Returns whether the subscription is active already; if not, `onSubscribed` is called when it is. */
  want(partition: number): boolean;
  stop(): void;
}

interface Subscription {
  state: 'asked' | 'heard';
  idleSweeps: number;
}

const sweepMsDefault = 5_000;
/** A channel is left after this many sweeps without a listener. */
const idleSweepsMax = 2;

/**
 * The channels of the partitions that have listeners. A channel is subscribed when it is first wanted and after every
 * reconnect, and left when it has had no listener for some seconds.
 */
export const newSubscriptions = ({
  redis,
  channelOf,
  isWanted,
  onSubscribed,
  onMessage,
  sweepMs = sweepMsDefault,
}: SubscriptionsOptions): Subscriptions => {
  const subscriptions = new Map<number, Subscription>();
  const partitions = new Map<string, number>();

  const want = (partition: number): boolean => {
    const known = subscriptions.get(partition);
    if (known) known.idleSweeps = 0;
    else void subscribe(partition);
    return known?.state === 'heard';
  };

  const subscribe = async (partition: number): Promise<void> => {
    const subscription: Subscription = { state: 'asked', idleSweeps: 0 };
    const channel = channelOf(partition);
    partitions.set(channel, partition);
    subscriptions.set(partition, subscription);
    try {
      await redis.subscribe(channel);
      if (subscriptions.get(partition) !== subscription) return;
      subscription.state = 'heard';
      onSubscribed(partition);
    } catch {
      // The connection is away or was lost meanwhile: `ready` or the next sweep tries again.
      if (subscriptions.get(partition) === subscription) subscriptions.delete(partition);
    }
  };

  const leave = (partition: number): void => {
    const channel = channelOf(partition);
    subscriptions.delete(partition);
    partitions.delete(channel);
    redis.unsubscribe(channel).catch(() => undefined);
  };

  const wanted = (): readonly number[] => [...partitions.values()].filter(isWanted);

  const sweep = (): void => {
    for (const [partition, subscription] of subscriptions) {
      if (isWanted(partition)) subscription.idleSweeps = 0;
      else if (++subscription.idleSweeps >= idleSweepsMax && subscription.state === 'heard') leave(partition);
    }
    for (const partition of wanted()) want(partition);
    // An idle subscriber sends nothing, so a dead connection would go unnoticed.
    redis.ping().catch(() => undefined);
  };

  const onReady = (): void => {
    for (const partition of wanted()) want(partition);
  };
  const onClose = (): void => subscriptions.clear();
  const onMessageBuffer = (channel: Buffer, message: Buffer): void => {
    const partition = partitions.get(channel.toString('latin1'));
    if (partition !== undefined) onMessage(partition, message);
  };

  redis.on('ready', onReady);
  redis.on('close', onClose);
  redis.on('messageBuffer', onMessageBuffer);
  const timer = setInterval(sweep, sweepMs).unref();

  return {
    want,
    stop: () => {
      clearInterval(timer);
      redis.off('ready', onReady);
      redis.off('close', onClose);
      redis.off('messageBuffer', onMessageBuffer);
    },
  };
};
