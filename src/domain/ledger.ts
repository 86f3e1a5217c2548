import type { Decision } from './decisions.ts';
import type { PoolId, ShowId } from './ids.ts';
import type { Line } from './lines.ts';
import type { ShowRules } from './requests.ts';

export interface PoolLedger {
  readonly id: PoolId;
  readonly name: string;
  readonly capacity: number;
  /** The capacity goes down to this as places come back; absent when it has arrived there. */
  readonly target?: number;
  readonly held: number;
  readonly confirmed: number;
}

/** The state of a show, as far as decisions need it. */
export interface ShowLedger {
  readonly showId: ShowId;
  readonly name: string;
  /** Raised by every change to the show itself, never by reservations. */
  readonly revision: number;
  readonly openedAtMs: number;
  /** When the last decision that changed these numbers was made. */
  readonly asOfMs: number;
  readonly rules: ShowRules;
  readonly pools: readonly PoolLedger[];
}

/** How a decision moves one pool's numbers. */
export interface PoolDelta {
  readonly showId: ShowId;
  readonly poolId: PoolId;
  readonly held: number;
  readonly confirmed: number;
}

export const available = (pool: PoolLedger): number => pool.capacity - pool.held - pool.confirmed;

/** What a decision takes from the pools or returns to them. Ledger, tables and rebuild all use this function. */
export const deltasOf = (decision: Decision): readonly PoolDelta[] => {
  switch (decision.type) {
    case 'ReservationHeld':
      return moved(decision, decision.lines, { held: 1, confirmed: 0 });
    case 'ReservationConfirmed':
      return moved(decision, decision.lines, { held: decision.from === 'held' ? -1 : 0, confirmed: 1 });
    case 'HoldExpired':
      return moved(decision, decision.released, { held: -1, confirmed: 0 });
    case 'ReservationReduced':
    case 'ReservationCancelled':
      return moved(
        decision,
        decision.released,
        decision.from === 'held' ? { held: -1, confirmed: 0 } : { held: 0, confirmed: -1 },
      );
    case 'ReservationRejected':
    case 'HoldExtended':
    case 'RequestSatisfied':
    case 'RequestRefused':
    case 'ShowOpened':
    case 'ShowChanged':
      return [];
  }
};

const moved = (
  { showId }: { readonly showId: ShowId },
  lines: readonly Line[],
  sign: { readonly held: number; readonly confirmed: number },
): readonly PoolDelta[] =>
  lines.map(({ poolId, quantity }) => ({
    showId,
    poolId,
    held: sign.held * quantity,
    confirmed: sign.confirmed * quantity,
  }));

/** The ledger after a decision made at `atMs`. Shares unchanged parts; the old ledger is not modified. */
export const evolve = (
  ledger: ShowLedger | undefined,
  decision: Decision,
  atMs: number,
): ShowLedger | undefined => {
  switch (decision.type) {
    case 'ShowOpened': {
      const { showId, name, rules } = decision;
      const pools = decision.pools.map((pool) => ({ ...pool, held: 0, confirmed: 0 }));
      return { showId, name, revision: 1, openedAtMs: atMs, asOfMs: atMs, rules, pools };
    }
    case 'ShowChanged': {
      const { revision, name, rules } = decision;
      const numbers = new Map(ledger?.pools.map((pool) => [pool.id, pool]));
      const pools = decision.pools.map((pool) => ({
        ...pool,
        held: numbers.get(pool.id)?.held ?? 0,
        confirmed: numbers.get(pool.id)?.confirmed ?? 0,
      }));
      return ledger && { ...ledger, revision, name, rules, pools, asOfMs: atMs };
    }
    default: {
      const deltas = deltasOf(decision);
      return ledger && deltas.length > 0
        ? { ...ledger, asOfMs: atMs, pools: move(ledger.pools, deltas) }
        : ledger;
    }
  }
};

const move = (pools: readonly PoolLedger[], deltas: readonly PoolDelta[]): readonly PoolLedger[] => {
  const after = pools.slice();
  for (const { poolId, held, confirmed } of deltas) {
    const index = after.findIndex(({ id }) => id === poolId);
    const pool = after[index];
    if (pool)
      after[index] = settled({ ...pool, held: pool.held + held, confirmed: pool.confirmed + confirmed });
  }
  return after;
};

/** A capacity with a target goes down with the places held and confirmed, and never up again. */
export const settled = (pool: PoolLedger): PoolLedger => {
  if (pool.target === undefined) return pool;
  const capacity = Math.min(pool.capacity, Math.max(pool.target, pool.held + pool.confirmed));
  const { target, ...rest } = pool;
  return capacity > target ? { ...rest, target, capacity } : { ...rest, capacity };
};
