import { type Asked, ask, type Submits } from '../../src/command/ask.ts';
import { refusalAtDoor, refusalByBacklog } from '../../src/command/door.ts';
import type { CommandOptions } from '../../src/command/options.ts';
import { type Submission, submit, submitFirst } from '../../src/command/submit.ts';
import {
  parseRequestId,
  parseReservationId,
  partitionOf,
  type RequestId,
  type ReservationId,
} from '../../src/domain/ids.ts';
import { isFollowUp, type RequestEvent, requestIdOf } from '../../src/domain/requests.ts';
import type { Problem } from '../../src/http/problem.ts';
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
  | { readonly type: 'refused'; readonly problem: Problem }
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
  const submits = {
    first: (event: RequestEvent) => {
      history.sends(event);
      return submitFirst(event, { waitMs, options });
    },
    again: (event: RequestEvent) => {
      history.sends(event);
      return submit(event, { waitMs, replayed: true, options });
    },
  };
  const answered = await asking(asked, options, submits);
  if (answered.type === 'turned-away') {
    history.ends(asked, 'failed');
    const { problem } = answered;
    return problem.code === 'overloaded' ? { type: 'failed' } : { type: 'refused', problem };
  }
  return ended(answered, history);
};

const ended = (
  { event, submission }: { readonly event: RequestEvent; readonly submission: Submission },
  history: History,
): CallEnd => {
  if (submission.type === 'refused') {
    history.ends(event, 'failed');
    return { type: 'failed' };
  }
  if (submission.type === 'unknown') return submission;
  const isOwn = submission.type === 'decided' && !submission.replayed;
  history.ends(event, 'ok', isOwn ? submission.outcome : undefined);
  return { type: 'ok', id: requestIdOf(event) };
};
type Options = Api['options'];

const asking = async (
  asked: RequestEvent,
  options: Options,
  submits: Submits<RequestEvent>,
): Promise<Asked<RequestEvent>> => {
  if (asked.type === 'ReservationRequested') {
    const { reservationId, key } = asked;
    const refusal = await refusalAtDoor(asked, options);
    const named = (id: ReservationId): RequestEvent => ({ ...asked, reservationId: id });
    return ask(
      { newId: () => reservationId, parseId: parseReservationId, named, key, refusal },
      submits,
      options,
    );
  }
  if (!isFollowUp(asked)) {
    const own = { newId: () => requestIdOf(asked), parseId: parseRequestId, named: () => asked };
    return ask({ ...own, key: undefined, refusal: undefined }, submits, options);
  }
  const { requestId, key } = asked;
  const backlog = options.backlogs.of(partitionOf(asked.reservationId));
  const refusal = refusalByBacklog(backlog, options.backlogLimits);
  const named = (id: RequestId): RequestEvent => ({ ...asked, requestId: id });
  return ask({ newId: () => requestId, parseId: parseRequestId, named, key, refusal }, submits, options);
};
