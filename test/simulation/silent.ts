import type { Logger } from '../../src/domain/ports.ts';

const nothing = (): void => {};

/** What processes say is not what they did. */
export const silent: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };
