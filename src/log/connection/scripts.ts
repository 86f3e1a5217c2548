import { readFileSync } from 'node:fs';
import { newRedisScript, type RedisScript } from '../../shared/redis-script.ts';

const read = (name: string): string =>
  readFileSync(new URL(`../scripts/${name}.lua`, import.meta.url), 'utf8');

/** Loads a script from ./scripts. */
export const loadScript = (name: string): RedisScript => newRedisScript(read(name));

/** A script that uses the functions of stream-position.lua, which are inserted after its `#!lua` line. */
export const loadStreamScript = (name: string): RedisScript => {
  const text = read(name);
  const body = text.indexOf('\n') + 1;
  return newRedisScript(text.slice(0, body) + read('stream-position') + text.slice(body));
};
