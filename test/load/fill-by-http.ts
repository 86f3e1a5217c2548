import { connections, planFor } from './loaders.ts';
import { acceptedIn, othersIn, sendPlan, unwantedIn } from './send-plan.ts';
import type { SendPlan } from './sender/plan.ts';
import type { Target } from './sides/side.ts';

export interface FillPlan {
  readonly entries: number;
  /** In addition to the target's. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Number of its first request. */
  readonly from?: number;
}

const secondsMax = 1_800;

/**
 * Sends this many requests as customers do: the measured build writes the entries in its own encoding. Throws
 * unless all were accepted, because otherwise there would be fewer to decide.
 */
export const fillByHttp = (target: Target, { entries, headers = {}, from = 0 }: FillPlan): Promise<void> => {
  const load = { type: 'closed', connections, seconds: secondsMax, max: entries } as const;
  return sendAll({ ...planFor(target, load), headers: { ...target.headers, ...headers }, from }, entries);
};

/** Sends a plan in which every request must be accepted. */
export const sendAll = async (plan: SendPlan, entries: number): Promise<void> => {
  const result = await sendPlan(plan);
  if (acceptedIn(result) < entries)
    throw new Error(`${othersIn(result, 202)} of ${entries} were not accepted: ${unwantedIn(result, 202)}`);
};
