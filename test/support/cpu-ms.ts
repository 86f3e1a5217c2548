/** CPU time of this process so far, ms: unlike a clock it stops while other processes use the cores. */
export const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};
