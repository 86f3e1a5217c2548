import { type Admission, admit } from '../../src/command/admit.ts';
import { refusalAtDoor, refusalByBacklog } from '../../src/command/door.ts';
import type { CommandOptions } from '../../src/command/options.ts';
import { partitionOf, type RequestId } from '../../src/domain/ids.ts';
import { isFollowUp, type RequestEvent, requestIdOf } from '../../src/domain/requests.ts';
import type { Problem } from '../../src/http/problems/problem.ts';
import type { LogTail, OutcomeWatch } from '../../src/log/contract.ts';
import type { Reader } from '../../src/store/contract.ts';
import type { History } from './history.ts';
import type { Machine } from './machine.ts';

/** An API process: the production code of commands, without HTTP. */
export interface Api {
  readonly machine: Machine;
  readonly options: Omit<CommandOptions, 'identity' | 'choosePartition'>;
  readonly reader: Reader;
  readonly tail: LogTail;
  readonly watches: OutcomeWatch;
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
  request: RequestEvent,
  { waitMs, history }: { readonly waitMs: number; readonly history: History },
): Promise<CallEnd> => {
  const refusal = await refusalOf(request, options);
  const candidate = { key: request.key, refusal, newRequest: () => request };
  const admission = await admit(
    candidate,
    { ms: waitMs },
    { ...options, appender: noting(options, history) },
  );
  if (admission.type === 'submitted') return endOf(admission, history);
  history.ends(request, 'failed');
  const { problem } = admission;
  return problem.code === 'overloaded' ? { type: 'failed' } : { type: 'refused', problem };
};

/** The appender, with each append recorded in the history. */
const noting = ({ appender }: Options, history: History): Options['appender'] => ({
  append: (partition, request, claim) => {
    history.sends(request);
    return appender.append(partition, request, claim);
  },
});

const endOf = (
  { request, submission }: Extract<Admission<RequestEvent>, { type: 'submitted' }>,
  history: History,
): CallEnd => {
  if (submission.type === 'refused') {
    history.ends(request, 'failed');
    return { type: 'failed' };
  }
  if (submission.type === 'unknown') return submission;
  const isOwn = submission.type === 'decided' && !submission.replayed;
  history.ends(request, 'ok', isOwn ? submission.outcome : undefined);
  return { type: 'ok', id: requestIdOf(request) };
};

type Options = Api['options'];

/** The length of the queue never blocks opening or changing a show. */
const refusalOf = async (request: RequestEvent, options: Options): Promise<Problem | undefined> => {
  if (request.type === 'ReservationRequested') return await refusalAtDoor(request, options);
  return isFollowUp(request)
    ? refusalByBacklog(options.backlogs.of(partitionOf(request.reservationId)), options.backlogLimits)
    : undefined;
};
