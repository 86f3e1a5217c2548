import type { Plan } from './plan.ts';
import { type RunResult, runPlan } from './run-plan.ts';
import { type ActionIndexes, partOf, shrink } from './shrink.ts';

export interface ExplainOptions {
  readonly seed: number;
  readonly steps: number;
  readonly only: ActionIndexes | undefined;
  readonly trace: boolean;
}

const linesMax = 400;

/**
 * Runs one plan and prints the result. If a promise is broken, the plan is shrunk first, unless it already
 * was.
 */
export const explain = async (plan: Plan, asked: ExplainOptions): Promise<number> => {
  const all = plan.actions.map((_, at) => at);
  const whole = await runPlan(partOf(plan, asked.only ?? all), { keepTrace: asked.trace });
  const first = whole.broken[0];
  if (!first || asked.only) {
    say(plan, asked.only ?? all, whole, asked);
    return first ? 3 : 0;
  }
  const chosen = await shrink(plan, first.invariant);
  say(plan, chosen, await runPlan(partOf(plan, chosen), { keepTrace: true }), asked);
  return 3;
};

const say = (
  plan: Plan,
  chosen: ActionIndexes,
  result: RunResult,
  { seed, steps, trace }: ExplainOptions,
): void => {
  const { settings, actions } = partOf(plan, chosen);
  const isBroken = result.broken.length > 0;
  console.log(`seed ${seed}: ${JSON.stringify(settings)}`);
  if (isBroken || trace) for (const action of actions) console.log(`  ${JSON.stringify(action)}`);
  for (const line of result.trace.slice(0, trace ? undefined : linesMax)) console.log(line);
  for (const { invariant, count, named } of result.broken)
    console.log(`BROKEN ${invariant} (${count}): ${named.slice(0, 5).join('; ')}`);
  console.log(`trace ${result.hash}: ${result.happened} happenings, ${result.decisions} decisions`);
  const replay = `npm run simulate -- --seed ${seed} --steps ${steps} --only ${chosen.join(',')} --trace`;
  if (isBroken) console.log(`replay: ${replay}`);
};
