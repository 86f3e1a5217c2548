import type { ShowId } from '../../src/domain/ids.ts';
import type { RequestEvent, RuleChanges } from '../../src/domain/requests.ts';
import type { Problem } from '../../src/http/problems/problem.ts';
import type { Scheduler } from './scheduler.ts';

export interface DoorRefusal {
  readonly showId: ShowId;
  readonly problem: Problem;
  /** Whether a client had been told before the call that the show is open, in the same era of the tables. */
  readonly isKnown: boolean;
  /** Redis' clock when the call began and when it was answered. */
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Refusals that were not certain: by a sale's window although a request appended instead would have been in time, and of a
 * show that a client knew to be open.
 */
export const wrongRefusals = (
  refusals: readonly DoorRefusal[],
  sent: readonly RequestEvent[],
): readonly string[] =>
  refusals.flatMap(({ showId, problem: { code }, isKnown, fromMs, toMs }) => {
    const windows = windowsOf(showId, sent);
    const opensAtMs = Math.max(...windows.map((rules) => rules.opensAtMs ?? 0));
    const closesAtMs = Math.min(...windows.map((rules) => rules.closesAtMs ?? Number.POSITIVE_INFINITY));
    const isWrong =
      (code === 'not-found' && isKnown) ||
      (code === 'sale-not-open' && fromMs >= opensAtMs) ||
      (code === 'sale-closed' && toMs < closesAtMs && !isToBeClosed(showId, sent));
    return isWrong
      ? [`${showId}: ${code} between ${fromMs} and ${toMs}, sale ${opensAtMs} to ${closesAtMs}`]
      : [];
  });

/** Those that the show was opened with and changed to: which one counted at the moment is not known here. */
const windowsOf = (
  showId: ShowId,
  sent: readonly RequestEvent[],
): readonly Pick<RuleChanges, 'opensAtMs' | 'closesAtMs'>[] =>
  sent.flatMap((event) =>
    (event.type === 'ShowOpeningRequested' || event.type === 'ShowChangeRequested') && event.showId === showId
      ? [event.rules ?? {}]
      : [],
  );

const isToBeClosed = (showId: ShowId, sent: readonly RequestEvent[]): boolean =>
  sent.some(
    (event) => event.type === 'ShowChangeRequested' && event.showId === showId && event.rules?.closed,
  );

interface SteadyOptions {
  readonly redisPast: { readonly setAtMs?: number | undefined };
  readonly scheduler: Pick<Scheduler, 'nowMs'>;
}

/**
 * Whether Redis' clock was steady: the door's value of it is up to half a second old, and the answer may have
 * been on its way for two seconds.
 */
export const isSteady = ({ redisPast: { setAtMs }, scheduler }: SteadyOptions): boolean =>
  setAtMs === undefined || scheduler.nowMs() - setAtMs > 3_000;
