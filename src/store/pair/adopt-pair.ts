import { randomBytes } from 'node:crypto';
import { loadSql } from '../database/load-sql.ts';
import { openSession, type Session } from '../database/session.ts';
import { givePairId, newPairId, type PairStore, pairSetting, pairStoreOver } from './pair.ts';

const raiseClaims = loadSql('pair/raise-claims');
const changeSetting = loadSql('pair/change-setting');

const limits = { connectMs: 2_500, queryMs: 10_000, silenceMs: 60_000, lockWaitMs: 5_000 };

export interface Adoption {
  /** Written into the claims, for operators who read them. */
  readonly owner: string;
  readonly nowMs: number;
  /** A new id for the pair; the database keeps its own otherwise. */
  readonly renewed: boolean;
  /** Run when no batch can be committed any more, before the transaction is committed. */
  readonly meanwhile: () => Promise<void>;
}

/** MySQL's half of the command that makes two servers a pair. */
export interface AdoptionStore extends PairStore {
  /** Supersedes every owner, in one transaction. Resolves to the id of the pair from now on. */
  adopt(adoption: Adoption): Promise<string>;
  close(): void;
}

export const openAdoptionStore = async (url: string): Promise<AdoptionStore> => {
  const session = await openSession(url, limits);
  return {
    ...pairStoreOver(session),
    adopt: (adoption) => adopt(session, adoption),
    close: () => session.destroy(),
  };
};

const adopt = async (session: Session, { owner, nowMs, renewed, meanwhile }: Adoption): Promise<string> => {
  const before = await pairStoreOver(session).id();
  if (before === undefined) await givePairId(session);
  await session.run('START TRANSACTION');
  // Locks in the order in which a batch takes them: partitions first.
  await session.change(raiseClaims, [randomBytes(16), owner.slice(0, 255), String(nowMs)]);
  if (renewed) await session.change(changeSetting, [newPairId(), pairSetting]);
  const id = await pairStoreOver(session).id();
  await meanwhile();
  await session.run('COMMIT');
  if (id === undefined) throw new Error('the database has no pair id: run `onsale migrate`');
  return id;
};
