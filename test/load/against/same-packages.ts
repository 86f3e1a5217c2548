/** Whether two package-lock.json list the same packages; our own version may differ. */
export const samePackages = (lock: string, other: string): boolean => packagesIn(lock) === packagesIn(other);

const packagesIn = (lock: string): string => {
  const { '': _ourselves, ...packages } = parseLock(lock).packages;
  return JSON.stringify(packages);
};

const parseLock = (lock: string): { readonly packages: Readonly<Record<string, unknown>> } =>
  JSON.parse(lock) as { readonly packages: Readonly<Record<string, unknown>> };
