/** What this process has worked so far, ms: unlike a clock it stands still while others have the cores. */
export const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};
