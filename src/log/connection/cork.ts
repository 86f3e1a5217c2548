import type { Redis } from 'ioredis';

/**
 * Writes all commands of this turn of the event loop to a server together: one system call for many commands.
 * A command waits until the end of this turn, or of the next one, at most.
 */
export const cork = (redis: Redis): Redis => {
  const { status, stream } = redis;
  if (status === 'ready' && stream.writableCorked === 0) {
    stream.cork();
    setImmediate(() => stream.uncork());
  }
  return redis;
};
