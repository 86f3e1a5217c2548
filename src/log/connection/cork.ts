import type { Redis } from 'ioredis';

/**
 * What this turn of the event loop still has for a server is written together: one system call for many commands.
 * None waits for longer than to the end of the turn, or of the next one.
 */
export const writeTogether = (redis: Redis): Redis => {
  const { status, stream } = redis;
  if (status === 'ready' && stream.writableCorked === 0) {
    stream.cork();
    setImmediate(() => stream.uncork());
  }
  return redis;
};
