import { admit } from '../../src/command/admit.ts';
import { refusalAtDoor, refusalByBacklog } from '../../src/command/door.ts';
import type { CommandOptions } from '../../src/command/options.ts';
import { submit } from '../../src/command/submit.ts';
import { parseRequestId, parseReservationId, partitionOf, type RequestId } from '../../src/domain/ids.ts';
import { type FollowUpRequested, isFollowUp, type RequestEvent } from '../../src/domain/requests.ts';
import type { Reader } from '../../src/store/contract.ts';
import type { History } from './history.ts';
import type { Machine } from './machine.ts';

/** An API process: the production code of commands, without HTTP in front of it. */
export interface Api {
  readonly machine: Machine;
  readonly options: Omit<CommandOptions, 'identity' | 'choosePartition'>;
  readonly reader: Reader;
}

export type CallEnd =
  /** Accepted, or decided: the id was given to the client. */
  | { readonly type: 'ok'; readonly id: RequestId }
  /** Refused at the door; asking again changes nothing. */
  | { readonly type: 'refused' }
  /** Not accepted now; worth another try. */
  | { readonly type: 'failed' }
  /** It may have been accepted. */
  | { readonly type: 'unknown' };

/** What a route does between its request and its answer. */
export const call = async (
  { options }: Api,
  asked: RequestEvent,
  { waitMs, history }: { readonly waitMs: number; readonly history: History },
): Promise<CallEnd> => {
  const admission = await admitted(asked, options);
  if (admission.type === 'refused') {
    history.ends(asked, 'failed');
    return { type: admission.problem.code === 'overloaded' ? 'failed' : 'refused' };
  }
  const event = renamed(asked, admission.id);
  history.sends(event);
  const submission = await submit(event, { waitMs, replayed: admission.replayed, options });
  if (submission.type === 'refused') {
    history.ends(event, 'failed');
    return { type: 'failed' };
  }
  if (submission.type === 'unknown') return submission;
  const isOwn = submission.type === 'decided' && !submission.replayed;
  history.ends(event, 'ok', isOwn ? submission.outcome : undefined);
  return { type: 'ok', id: admission.id };
};

const admitted = async (asked: RequestEvent, options: Api['options']) => {
  if (asked.type === 'ReservationRequested') {
    const refusal = await refusalAtDoor(asked, options);
    const { reservationId: id, key } = asked;
    return admit({ newId: () => id, key, refusal, parseId: parseReservationId }, options);
  }
  if (!isFollowUp(asked)) return notKeyed(asked);
  const backlog = options.backlogs.of(partitionOf(asked.reservationId));
  const refusal = refusalByBacklog(backlog, options.backlogLimits);
  const { requestId: id, key } = asked;
  return admit({ newId: () => id, key, refusal, parseId: parseRequestId }, options);
};

type ShowRequest = Exclude<RequestEvent, FollowUpRequested | { type: 'ReservationRequested' }>;

const notKeyed = (asked: ShowRequest) => ({
  type: 'admitted' as const,
  id: asked.type === 'ShowOpeningRequested' ? asked.showId : asked.requestId,
  replayed: false,
});

/** A key that was seen before has given its request a name already. */
const renamed = (asked: RequestEvent, id: RequestId): RequestEvent => {
  if (asked.type === 'ReservationRequested') {
    const reservationId = parseReservationId(id);
    return reservationId ? { ...asked, reservationId } : asked;
  }
  return isFollowUp(asked) ? { ...asked, requestId: id } : asked;
};
