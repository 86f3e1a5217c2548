import { readFile } from 'node:fs/promises';
import { type Line, lineOf, type Want } from './line.ts';

/** Limits of this host's kernel, as text; absent where it has no such file. */
export interface HostLimits {
  readonly somaxconn?: string;
  /** The hard limit of this process. */
  readonly openFiles?: string;
}

const wants: readonly Want<HostLimits>[] = [
  {
    name: 'open-files',
    wanted: '16384 or more',
    why: 'each client that waits or follows a stream holds a connection; beyond it no client can connect',
    cure: 'ulimit -n 65536 where onsale is started (LimitNOFILE= of systemd, --ulimit nofile= of docker)',
    found: ({ openFiles }) => openFiles,
    holds: ({ openFiles }) => openFiles === 'unlimited' || Number(openFiles) >= 16_384,
  },
  {
    name: 'somaxconn',
    wanted: '511 or more on this host',
    why: 'when a sale opens, connections that are not accepted yet are dropped beyond it',
    cure: 'sysctl net.core.somaxconn=4096 on every host of the API, and of Redis',
    found: ({ somaxconn }) => somaxconn,
    holds: ({ somaxconn }) => Number(somaxconn) >= 511,
  },
];

export const cautionHost = (look: HostLimits): readonly Line[] => wants.map((want) => lineOf(want, look));

/** Only Linux has these files. */
const textOf = async (path: string): Promise<string> => await readFile(path, 'utf8').catch(() => '');

/** Limits of the host on which doctor runs; it should be one that onsale runs on. Never throws. */
export const readHostLimits = async (): Promise<HostLimits> => {
  const [backlog, limits] = await Promise.all([
    textOf('/proc/sys/net/core/somaxconn'),
    textOf('/proc/self/limits'),
  ]);
  const openFiles = /^Max open files +\S+ +(\S+)/m.exec(limits)?.[1];
  return {
    ...(backlog !== '' && { somaxconn: backlog.trim() }),
    ...(openFiles !== undefined && { openFiles }),
  };
};
