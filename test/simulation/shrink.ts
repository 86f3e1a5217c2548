import type { Action, Plan } from './plan.ts';
import { runPlan } from './run-plan.ts';

/** Indexes of the plan's actions that take part. */
export type ActionIndexes = readonly number[];

export const partOf = (plan: Plan, chosen: ActionIndexes): Plan => {
  const wanted = new Set(chosen);
  return { ...plan, actions: plan.actions.filter((_: Action, at) => wanted.has(at)) };
};

const runsMax = 400;

/**
 * The smallest set of actions found that still breaks the same promise; halves, quarters, … are left out in
 * turn.
 */
export const shrink = async (plan: Plan, invariant: string): Promise<ActionIndexes> => {
  let runs = 0;
  const breaks = async (chosen: ActionIndexes): Promise<boolean> => {
    runs += 1;
    const { broken } = await runPlan(partOf(plan, chosen), { keepTrace: false });
    return broken.some((each) => each.invariant === invariant);
  };
  let chosen: ActionIndexes = plan.actions.map((_, at) => at);
  for (let size = Math.ceil(chosen.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < chosen.length && runs < runsMax; ) {
      const rest = [...chosen.slice(0, from), ...chosen.slice(from + size)];
      if (await breaks(rest)) chosen = rest;
      else from += size;
    }
  }
  return chosen;
};
