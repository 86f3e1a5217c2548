import { cpSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

const aofOf = (dir: string): string => join(dir, 'data', 'appendonlydir');

/** Copies the present append-only files of a Redis, without the last bytes of the newest one. */
export const takeCopy = (dir: string, { without }: { readonly without: number }): string => {
  const copy = join(dir, 'copy');
  rmSync(copy, { recursive: true, force: true });
  cpSync(aofOf(dir), copy, { recursive: true });
  const newest = readdirSync(copy)
    .filter((name) => name.endsWith('.incr.aof'))
    .toSorted((a, b) => numberOf(a) - numberOf(b))
    .at(-1);
  if (newest === undefined) throw new Error(`${copy} holds no append-only file`);
  const file = join(copy, newest);
  truncateSync(file, Math.max(0, statSync(file).size - without));
  return copy;
};

/** `appendonly.aof.<n>.incr.aof` */
const numberOf = (name: string): number => Number(name.split('.').at(-3) ?? 0);

/** Replaces all files that a stopped Redis will find. */
export const putBack = (dir: string, copy: string): void => {
  rmSync(aofOf(dir), { recursive: true, force: true });
  cpSync(copy, aofOf(dir), { recursive: true });
};
