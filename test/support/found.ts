import { waitUntil } from '../../infra/local/wait-until.ts';

/** What `find` comes to find within 20 s; asked until it does. */
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
