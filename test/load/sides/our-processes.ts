import { type Onsale, startOnsale } from '../../support/onsale.ts';
import type { Urls } from './side.ts';

/** By what they do: `api`, `projector`, `projector 2`, … */
export type OurProcesses = Map<string, Onsale>;

export interface OurPlan extends Urls {
  readonly env: Readonly<Record<string, string>>;
  readonly projectors: number;
}

export const apiOf = (processes: OurProcesses): Onsale => {
  const api = processes.get('api');
  if (!api) throw new Error('there is no API process');
  return api;
};

export const startProjectors = async (processes: OurProcesses, plan: OurPlan): Promise<void> => {
  const names = Array.from({ length: plan.projectors }, (_, n) =>
    n === 0 ? 'projector' : `projector ${n + 1}`,
  );
  await Promise.all(
    names.map(async (name) => processes.set(name, await startOnsale({ roles: ['projector'], ...plan }))),
  );
};

/** On a port that is free, or on the one where it was. */
export const startApi = async (processes: OurProcesses, plan: OurPlan, port?: string): Promise<void> => {
  const env = { ...plan.env, ...(port !== undefined && { PORT: port }) };
  processes.set('api', await startOnsale({ roles: ['command', 'query'], ...plan, env }));
};
