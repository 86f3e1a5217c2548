import { type Wire, WireCut } from './wire.ts';

/**
 * The fate of the next call: it is never sent, its answer is lost, or it arrives only when it is released.
 */
type Fault = 'not sent' | 'no answer' | 'held back';

export interface FaultyWire extends Wire {
  next: Fault | undefined;
  messages: 'delivered' | 'lost';
  reconnect(): void;
  /** Delivers the calls that were held back; nobody receives the answers. */
  release(): void;
}

export const newFaultyWire = (): FaultyWire => {
  const held: (() => void)[] = [];
  let connection = 1;
  const wire: FaultyWire = {
    next: undefined,
    messages: 'delivered',
    ask: async (what, effect) => {
      await Promise.resolve();
      const fault = wire.next;
      wire.next = undefined;
      if (fault === undefined) return effect();
      if (fault === 'no answer') effect();
      if (fault === 'held back') held.push(effect);
      throw new WireCut(what, { sent: fault !== 'not sent' });
    },
    tell: (_what, deliver) => {
      if (wire.messages === 'delivered') queueMicrotask(deliver);
    },
    connection: () => connection,
    reconnect: () => {
      connection += 1;
    },
    release: () => {
      for (const effect of held.splice(0)) effect();
    },
  };
  return wire;
};
