import type { ShowId } from '../../src/domain/ids.ts';
import type { RequestEvent, ShowRules } from '../../src/domain/requests.ts';
import type { Problem } from '../../src/http/problems/problem.ts';

export interface DoorRefusal {
  readonly showId: ShowId;
  readonly problem: Problem;
  /** Redis' clock when the call began and when it was answered. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** Refusals by a sale's window that were not certain: a request appended instead would have been in time. */
export const wrongRefusals = (
  refusals: readonly DoorRefusal[],
  sent: readonly RequestEvent[],
): readonly string[] =>
  refusals.flatMap(({ showId, problem: { code }, fromMs, toMs }) => {
    const { opensAtMs = 0, closesAtMs = Number.POSITIVE_INFINITY } = rulesOf(showId, sent);
    const isWrong =
      (code === 'sale-not-open' && fromMs >= opensAtMs) ||
      (code === 'sale-closed' && toMs < closesAtMs && !isToBeClosed(showId, sent));
    return isWrong
      ? [`${showId}: ${code} between ${fromMs} and ${toMs}, sale ${opensAtMs} to ${closesAtMs}`]
      : [];
  });

const rulesOf = (showId: ShowId, sent: readonly RequestEvent[]): ShowRules => {
  const opening = sent.find((event) => event.type === 'ShowOpeningRequested' && event.showId === showId);
  return opening?.type === 'ShowOpeningRequested' ? opening.rules : {};
};

const isToBeClosed = (showId: ShowId, sent: readonly RequestEvent[]): boolean =>
  sent.some(
    (event) => event.type === 'ShowChangeRequested' && event.showId === showId && event.rules?.closed,
  );
