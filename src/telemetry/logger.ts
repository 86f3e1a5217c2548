import { type Logger, pino, stdTimeFunctions } from 'pino';

/** One JSON line a message on stdout, with the roles of the process in each. */
export const newLogger = ({
  level,
  roles,
}: {
  readonly level: string;
  readonly roles: readonly string[];
}): Logger => pino({ level, base: { roles: roles.join(' ') }, timestamp: stdTimeFunctions.isoTime });
