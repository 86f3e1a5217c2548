// Loaded into a process of its own (node --import): its wall clock is wrong by as many ms as the file says that
// TEST_CLOCK_FILE names, from whenever it says so. The monotonic clock and timers go on as they were, as they do when the
// clock of a machine is set.
import { readFileSync } from 'node:fs';

const RealDate = Date;
const file = process.env['TEST_CLOCK_FILE'] ?? '';
const everyMs = 20;
let readAtMs = Number.NEGATIVE_INFINITY;
let aheadMs = 0;

const nowMs = () => {
  if (performance.now() - readAtMs >= everyMs) {
    aheadMs = Number(readFileSync(file, 'utf8')) || 0;
    readAtMs = performance.now();
  }
  return RealDate.now() + aheadMs;
};

globalThis.Date = class extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(nowMs());
    else super(...given);
  }
  static now() {
    return nowMs();
  }
};
