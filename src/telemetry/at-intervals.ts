import type { Logger } from '../domain/ports.ts';

/** Looks again and again, never twice at a time. What cannot be looked at now is looked at next time. Returns how to stop. */
export const lookRegularly = (
  what: string,
  {
    everyMs,
    look,
    logger,
  }: { readonly everyMs: number; readonly look: () => Promise<void>; readonly logger: Logger },
): (() => void) => {
  let looking = false;
  const once = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    try {
      await look();
    } catch (err) {
      logger.debug({ err }, `could not look at ${what}`);
    } finally {
      looking = false;
    }
  };
  const timer = setInterval(() => void once(), everyMs).unref();
  return () => clearInterval(timer);
};
