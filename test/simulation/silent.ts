import type { Logger } from '../../src/domain/ports.ts';

const nothing = (): void => {};

/** Logs of the processes are not examined. */
export const silent: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };
