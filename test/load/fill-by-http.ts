import { connections, planFor } from './loaders.ts';
import { acceptedIn, othersIn, sendPlan, unwantedIn } from './send-plan.ts';
import type { SendPlan } from './sender/plan.ts';
import type { Target } from './sides/side.ts';

export interface FillPlan {
  readonly entries: number;
  /** On top of the target's. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Where the numbers of its requests begin. */
  readonly from?: number;
}

const secondsMax = 1_800;

/**
 * So many requests as customers send them: the entries are written by the build that is measured, in its own encoding.
 * Throws unless all were accepted, for then there would be fewer to decide.
 */
export const fillByHttp = (target: Target, { entries, headers = {}, from = 0 }: FillPlan): Promise<void> => {
  const load = { type: 'closed', connections, seconds: secondsMax, max: entries } as const;
  return sendAll({ ...planFor(target, load), headers: { ...target.headers, ...headers }, from }, entries);
};

/** Sends a plan of which each request has to be accepted. */
export const sendAll = async (plan: SendPlan, entries: number): Promise<void> => {
  const result = await sendPlan(plan);
  if (acceptedIn(result) < entries)
    throw new Error(`${othersIn(result, 202)} of ${entries} were not accepted: ${unwantedIn(result, 202)}`);
};
