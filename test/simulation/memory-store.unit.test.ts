import { storeContract } from '../contract/store.contract.ts';
import { newMemoryDatabase } from './memory-database.ts';
import { newVirtualClock } from './virtual-clock.ts';
import { newCalmWire } from './wire.ts';

storeContract('in memory', async () => {
  const clock = newVirtualClock();
  const database = newMemoryDatabase({ clock });
  const { store, reader, hangUp } = database.connect({
    wire: newCalmWire(),
    // Nobody moves this clock: only a wait for the next turn of the event loop ends.
    clock: { ...clock, sleep: async (ms, signal) => (ms > 0 ? await clock.sleep(ms, signal) : undefined) },
    random: () => 0.5,
    role: 'projector',
    leaseTtlMs: 1_000,
  });
  return { store, reader, close: async () => hangUp() };
});
