import { closeConnection, connect } from '../../src/log/connection/connect.ts';
import { newOutcomes, type OutcomesOptions } from '../../src/log/outcomes/outcomes.ts';
import { silent } from './redis-log-world.ts';

/** An Outcomes with a connection of its own. */
export const listenOn = async (url: string, options: Partial<OutcomesOptions> = {}) => {
  const connecting = { url, name: 'test', logger: silent, commandMs: 1_000 };
  const subscriber = await connect({ ...connecting, kind: 'subscriber' });
  const open = newOutcomes({ redis: subscriber, logger: silent, lookUp: async () => new Map(), ...options });
  const close = async (): Promise<void> => {
    open.stop();
    await closeConnection(subscriber);
  };
  return { ...open, subscriber, close };
};
