import { deadlock, diskFull, lockWaitOver } from './server-error.ts';

/** Faults of a statement at the server, before it has any effect. */
export type Fault = 'deadlock' | 'lock-wait' | 'connection-lost' | 'disk-full';

/** Called before every statement with its name; "begin", "commit" and "rollback" are statements too. */
export type FaultOf = (statement: string) => Fault | undefined;

export const faultErrors = {
  deadlock,
  'lock-wait': lockWaitOver,
  'disk-full': diskFull,
} as const satisfies Readonly<Record<Exclude<Fault, 'connection-lost'>, () => Error>>;
