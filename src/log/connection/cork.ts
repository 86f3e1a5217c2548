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

/** Writes all commands that `send` sends to a server together. */
export const writeTogether = <Value>({ status, stream }: Redis, send: () => Value): Value => {
  if (status !== 'ready') return send();
  stream.cork();
  try {
    return send();
  } finally {
    stream.uncork();
  }
};
