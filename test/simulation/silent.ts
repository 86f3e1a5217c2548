import type { Logger } from '../../src/domain/ports.ts';

const nothing = (): void => {};

/** The logs of processes are not judged. */
export const silent: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };
