import type { RequiredSetting } from '../config.ts';

export type ApiRole = 'command' | 'query';
export type Role = ApiRole | 'projector';

export const parseRole = (text: string): Role | undefined =>
  text === 'command' || text === 'query' || text === 'projector' ? text : undefined;

/** The settings that these roles require and that have no default. */
export const neededBy = (roles: readonly Role[]): readonly RequiredSetting[] => {
  const isApi = roles.some((role) => role !== 'projector');
  return ['redisUrl', 'databaseUrl', ...(isApi ? (['idKeys'] as const) : [])];
};
