// Loaded into a process by node --import. Its wall clock is off by the number of ms that the file named by
// TEST_CLOCK_FILE contains, as soon as the file contains one. The monotonic clock and timers are unaffected,
// as when the clock of a machine is set.
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
