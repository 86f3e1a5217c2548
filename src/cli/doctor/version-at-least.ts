/** Whether a server's version (`7.0.15`, `10.11.6-MariaDB-1`, `8.4.3`) is this one or a later one; undefined for other texts. */
export const versionAtLeast = (version: string, least: readonly number[]): boolean | undefined => {
  const [numbers] = /^\d+(\.\d+)+/.exec(version) ?? [];
  if (numbers === undefined) return undefined;
  const parts = numbers.split('.').map(Number);
  for (const [at, wanted] of least.entries()) {
    const part = parts[at] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
};
