import type { Store } from '../../store/open-store.ts';

const tagLength = 8;

/**
 * The first digits of the pair's id. Read once: a pair gets a new id only while no process works on it (`onsale adopt`).
 */
export const pairTag = ({ standings }: Pick<Store, 'standings'>): (() => Promise<string>) => {
  let known: string | undefined;
  return async () => {
    known ??= (await standings()).pairId?.replaceAll('-', '').slice(0, tagLength);
    if (known === undefined) throw new Error('the database belongs to no pair: run onsale migrate');
    return known;
  };
};
