import type { DecisionSignals } from '../signals-contract.ts';
import type { Subscriber, Subscriptions } from './subscriptions.ts';

export interface OpenSignals {
  readonly signals: DecisionSignals;
  /** How many listen now, for the metrics. */
  readonly following: () => number;
  readonly stop: () => void;
}

type OnDecided = Parameters<DecisionSignals['listen']>[1];

export const newDecisionSignals = (subscribe: (subscriber: Subscriber) => Subscriptions): OpenSignals => {
  let following = 0;
  const listening = new Map<number, Set<OnDecided>>();
  const tell = (partition: number): void => {
    for (const onDecided of [...(listening.get(partition) ?? [])]) onDecided(partition);
  };
  const subscriptions = subscribe({
    isWanted: (partition) => listening.has(partition),
    onSubscribed: tell,
    onMessage: tell,
  });
  const add = (partition: number, onDecided: OnDecided): void => {
    const others = listening.get(partition);
    if (others) others.add(onDecided);
    else listening.set(partition, new Set([onDecided]));
    subscriptions.want(partition);
  };
  const remove = (partition: number, onDecided: OnDecided): void => {
    const all = listening.get(partition);
    all?.delete(onDecided);
    if (all?.size === 0) listening.delete(partition);
  };
  return {
    signals: {
      listen: (partitions, onDecided) => {
        following += 1;
        for (const partition of partitions) add(partition, onDecided);
        return {
          stop: () => {
            following -= 1;
            for (const partition of partitions) remove(partition, onDecided);
          },
        };
      },
    },
    following: () => following,
    stop: () => {
      subscriptions.stop();
      listening.clear();
    },
  };
};
