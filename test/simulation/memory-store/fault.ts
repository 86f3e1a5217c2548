import { deadlock, diskFull, lockWaitOver } from './server-error.ts';

/** What can go wrong at the server with a statement, before it has done anything. */
export type Fault = 'deadlock' | 'lock-wait' | 'connection-lost' | 'disk-full';

/** Asked before every statement, by its name; "begin", "commit" and "rollback" are statements too. */
export type FaultOf = (statement: string) => Fault | undefined;

export const faultErrors = {
  deadlock,
  'lock-wait': lockWaitOver,
  'disk-full': diskFull,
} as const satisfies Readonly<Record<Exclude<Fault, 'connection-lost'>, () => Error>>;
