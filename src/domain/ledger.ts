import type { Decision } from './decisions.ts';
import type { PoolId, ShowId } from './ids.ts';
import type { Line } from './lines.ts';
import type { ShowRules } from './requests.ts';

export interface PoolLedger {
  readonly id: PoolId;
  readonly name: string;
  readonly capacity: number;
  readonly held: number;
  readonly confirmed: number;
}

/** A show's state that deciding needs. */
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

/** What a decision takes from the pools or gives back. The one source for ledger, tables and rebuild. */
export const deltasOf = (decision: Decision): readonly PoolDelta[] => {
  switch (decision.type) {
    case 'ReservationConfirmed':
      return decision.lines.map(({ poolId, quantity }) => ({
        showId: decision.showId,
        poolId,
        held: 0,
        confirmed: quantity,
      }));
    case 'ReservationRejected':
    case 'ShowOpened':
      return [];
  }
};

/** The ledger after a decision made at `atMs`. Shares what did not change; the old ledger stays true. */
export const evolve = (
  ledger: ShowLedger | undefined,
  decision: Decision,
  atMs: number,
): ShowLedger | undefined => {
  switch (decision.type) {
    case 'ShowOpened':
      return {
        showId: decision.showId,
        name: decision.name,
        revision: 1,
        openedAtMs: atMs,
        asOfMs: atMs,
        rules: decision.rules,
        pools: decision.pools.map((pool) => ({ ...pool, held: 0, confirmed: 0 })),
      };
    case 'ReservationConfirmed':
      return ledger && { ...ledger, asOfMs: atMs, pools: take(ledger.pools, decision.lines) };
    case 'ReservationRejected':
      return ledger;
  }
};

const take = (pools: readonly PoolLedger[], lines: readonly Line[]): readonly PoolLedger[] => {
  const after = pools.slice();
  for (const { poolId, quantity } of lines) {
    const index = after.findIndex(({ id }) => id === poolId);
    const pool = after[index];
    if (pool) after[index] = { ...pool, confirmed: pool.confirmed + quantity };
  }
  return after;
};
