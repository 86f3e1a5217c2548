import { type Logger, pino, stdTimeFunctions } from 'pino';

/** Writes one JSON line per message to stdout; each has the roles of the process. */
export const newLogger = ({
  level,
  roles,
}: {
  readonly level: string;
  readonly roles: readonly string[];
}): Logger => pino({ level, base: { roles: roles.join(' ') }, timestamp: stdTimeFunctions.isoTime });
