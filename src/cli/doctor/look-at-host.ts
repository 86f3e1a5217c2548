import { readFile } from 'node:fs/promises';
import type { HostLook } from './judge-host.ts';

/** Only Linux has these files. */
const textOf = async (path: string): Promise<string> => await readFile(path, 'utf8').catch(() => '');

/** What the host says where doctor runs, which should be one that onsale runs on. Never throws. */
export const lookAtHost = async (): Promise<HostLook> => {
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
