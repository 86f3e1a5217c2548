import type { Random } from '../../src/domain/ports.ts';
import type { SessionUse } from '../../src/store/database/session-limits.ts';
import type { Machine } from './machine.ts';
import type { ConnectedStore } from './memory-store/connect-store.ts';
import type { Settings } from './plan.ts';
import { mysqlWire, type Servers } from './servers.ts';

export interface DatabaseOptions {
  readonly settings: Settings;
  readonly servers: Servers;
  readonly random: Random;
}

/**
 * A process's sessions. If the process dies, its sockets are closed; if the whole machine dies, the server is
 * not told.
 */
export const openDatabase = (
  machine: Machine,
  role: SessionUse['role'],
  { settings: { leaseTtlMs }, servers, random }: DatabaseOptions,
): ConnectedStore => {
  const use = { role, leaseTtlMs };
  const wire = servers.mysql.wireOf(machine, mysqlWire(use));
  const connected = servers.database.connect({ ...use, wire, clock: machine.clock, random });
  const isTold = random() < 0.5;
  machine.onCrash(() => {
    if (isTold) connected.hangUp();
  });
  return connected;
};
