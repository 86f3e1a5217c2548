import { type Backends, startBackends } from './backends.ts';
import { type Onsale, startOnsale } from './onsale.ts';

/** A whole onsale on backends of its own: one or more API processes and a projector. */
export interface RunningSystem {
  readonly backends: Backends;
  /** The address of the first API process. */
  readonly api: string;
  readonly apiPid: number;
  readonly apis: readonly string[];
  readonly startProjector: () => Promise<void>;
  readonly stopProjector: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface RunningOptions {
  readonly apis?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export const startRunning = async ({ apis = 1, env = {} }: RunningOptions = {}): Promise<RunningSystem> => {
  const backends = await startBackends();
  let projector: Onsale | undefined;
  const startProjector = async (): Promise<void> => {
    projector = await startOnsale({ roles: ['projector'], ...backends.urls, env });
  };
  const processes: Onsale[] = [];
  for (let n = 0; n < apis; n++)
    processes.push(await startOnsale({ roles: ['command', 'query'], ...backends.urls, env }));
  await startProjector();
  return {
    backends,
    api: processes[0]?.url ?? '',
    apiPid: processes[0]?.pid ?? 0,
    apis: processes.map(({ url }) => url),
    startProjector,
    stopProjector: async () => {
      await projector?.stop();
    },
    stop: async () => {
      await Promise.all([...processes, projector].map((process) => process?.stop()));
      await backends.remove();
    },
  };
};
