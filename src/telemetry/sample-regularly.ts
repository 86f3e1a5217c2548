import type { Logger } from '../domain/ports.ts';

/** Takes samples at an interval, one at a time. A sample that fails is logged; the next one is taken as usual. Returns the stop function. */
export const sampleRegularly = (
  what: string,
  {
    everyMs,
    sample,
    logger,
  }: { readonly everyMs: number; readonly sample: () => Promise<void>; readonly logger: Logger },
): (() => void) => {
  let isSampling = false;
  const once = async (): Promise<void> => {
    if (isSampling) return;
    isSampling = true;
    try {
      await sample();
    } catch (err) {
      logger.debug({ err }, `could not sample ${what}`);
    } finally {
      isSampling = false;
    }
  };
  const timer = setInterval(() => void once(), everyMs).unref();
  return () => clearInterval(timer);
};
