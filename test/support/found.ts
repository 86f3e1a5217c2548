import { waitUntil } from '../../infra/local/wait-until.ts';

/** Calls `find` until it returns a value, for up to 20 s. */
export const found = async <T>(what: string, find: () => Promise<T | undefined>): Promise<T> => {
  const finds: T[] = [];
  const look = async (): Promise<boolean> => {
    const it = await find();
    if (it !== undefined) finds.push(it);
    return it !== undefined;
  };
  await waitUntil(look, { limitMs: 20_000 });
  const [it] = finds;
  if (it === undefined) throw new Error(`${what} was not found`);
  return it;
};
