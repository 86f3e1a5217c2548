import { readFileSync } from 'node:fs';

// Linux counts in hundredths of a second, whatever the kernel's own tick is.
const tickMs = 10;

/** CPU time that a process has used so far, ms; undefined without /proc, or if the process has ended. */
const cpuMsOf = (pid: number): number | undefined => {
  const fields = fieldsOf(pid);
  return fields && (Number(fields[11]) + Number(fields[12])) * tickMs;
};

/** CPU time of processes that we started and that have ended, ms. */
const endedChildrenCpuMs = (): number | undefined => {
  const fields = fieldsOf('self');
  return fields && (Number(fields[13]) + Number(fields[14])) * tickMs;
};

/** The fields of /proc/<pid>/stat after the name, which may contain spaces: the state is field 0. */
const fieldsOf = (pid: number | 'self'): readonly string[] | undefined => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
};

/** Memory of a process, bytes; undefined without /proc. */
export const rssOf = (pid: number): number | undefined => {
  try {
    const found = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return found ? Number(found[1]) * 1_024 : undefined;
  } catch {
    return undefined;
  }
};

export type ByName = Readonly<Record<string, number>>;

/** CPU time of each process while `work` runs, ms; processes that cannot be observed are left out. */
export const cpuWhile = async <Result>(
  pids: ByName,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly cpuMs: ByName }> => {
  const before = allOf(pids);
  const result = await work();
  const after = allOf(pids);
  const used = Object.entries(after).map(([name, ms]) => [name, ms - (before[name] ?? ms)]);
  return { result, cpuMs: Object.fromEntries(used) };
};

/** CPU time per item of `count`, µs, by process. */
export const microsEach = (cpuMs: ByName, count: number): ByName =>
  Object.fromEntries(Object.entries(cpuMs).map(([name, ms]) => [name, (ms * 1_000) / count]));

/** The sum without the load generator, which belongs to no side. */
export const totalOf = (cpuMicros: ByName): number =>
  Object.entries(cpuMicros).reduce((sum, [name, micros]) => (name === 'load' ? sum : sum + micros), 0);

const allOf = (pids: ByName): ByName => {
  const known: Record<string, number> = {};
  for (const [name, pid] of Object.entries(pids)) {
    const ms = cpuMsOf(pid);
    if (ms !== undefined) known[name] = ms;
  }
  const load = endedChildrenCpuMs();
  if (load !== undefined) known['load'] = load;
  return known;
};
