import { createHash } from 'node:crypto';

/** Lua for a Redis server, and the name under which the server keeps it. */
export interface RedisScript {
  readonly text: string;
  readonly sha: string;
}

export interface ScriptCall {
  /** All of one hash slot; at least one. */
  readonly keys: readonly [string, ...string[]];
  readonly args: readonly (string | number)[];
}

/** The part of a connection that is used here. */
interface Connection {
  callBuffer(command: string, args: (string | number)[]): Promise<unknown>;
}

export const newRedisScript = (text: string): RedisScript => ({
  text,
  sha: createHash('sha1').update(text).digest('hex'),
});

/**
 * The reply, with all strings as Buffers. Scripts are loaded before a connection is ready. If they are flushed later, the
 * text is sent, after all commands sent meanwhile: where order matters, a caller must wait for one call before the next.
 */
export const runScript = async (
  nodeOf: (key: string) => Connection,
  script: RedisScript,
  call: ScriptCall,
): Promise<unknown> => {
  const connection = nodeOf(call.keys[0]);
  try {
    return await sendByName(connection, script, call);
  } catch (error) {
    if (!isNoScript(error)) throw error;
    return await sendInFull(connection, script, call);
  }
};

/** The server does not have the script, and executed nothing. */
export const isNoScript = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('NOSCRIPT');

export const sendByName = (
  connection: Connection,
  { sha }: RedisScript,
  { keys, args }: ScriptCall,
): Promise<unknown> => connection.callBuffer('evalsha', [sha, keys.length, ...keys, ...args]);

/** Also loads the script on the server. */
export const sendInFull = (
  connection: Connection,
  { text }: RedisScript,
  { keys, args }: ScriptCall,
): Promise<unknown> => connection.callBuffer('eval', [text, keys.length, ...keys, ...args]);
