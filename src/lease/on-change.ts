import type { Redis } from 'ioredis';
import type { Members } from './contract.ts';
import { leasesChannel } from './keys.ts';

/**
 * Listens for releases and leaves on a connection that subscribes. A subscription that cannot be made is no failure:
 * competitors look by themselves several times in a TTL, and it is made anew whenever the connection is ready.
 */
export const onChange = (subscriber: Redis): Members['onChange'] => {
  const listeners = new Set<() => void>();
  const tell = (channel: string): void => {
    if (channel !== leasesChannel) return;
    for (const listener of listeners) listener();
  };
  const missed = (): void => undefined;
  const subscribe = (): void => {
    subscriber.subscribe(leasesChannel).catch(missed);
  };
  const start = (): void => {
    subscriber.on('message', tell);
    subscriber.on('ready', subscribe);
    if (subscriber.status === 'ready') subscribe();
  };
  const stop = (): void => {
    subscriber.off('message', tell);
    subscriber.off('ready', subscribe);
    if (subscriber.status === 'ready') subscriber.unsubscribe(leasesChannel).catch(missed);
  };
  return (listener) => {
    // A name of its own for each call, so that two calls with one function are two listeners.
    const own = (): void => listener();
    if (listeners.size === 0) start();
    listeners.add(own);
    return () => {
      if (listeners.delete(own) && listeners.size === 0) stop();
    };
  };
};
