import { once } from 'node:events';
import { parsePlan, type SendPlan } from './plan.ts';
import { sendAtOnce } from './send-at-once.ts';
import { sendClosed } from './send-closed.ts';
import { sendInTurn } from './send-in-turn.ts';
import { sendOpen } from './send-open.ts';

// The sender's own process: takes one plan, sends it, reports the result and ends.
const carryOut = (plan: SendPlan) => {
  switch (plan.load.type) {
    case 'closed':
      return sendClosed(plan, plan.load);
    case 'open':
      return sendOpen(plan, plan.load);
    case 'at-once':
      return sendAtOnce(plan, plan.load);
    case 'in-turn':
      return sendInTurn(plan, plan.load);
  }
};

process.send?.('ready');
const [message] = await once(process, 'message');
const result = await carryOut(parsePlan(message));
process.send?.(result, () => process.exit(0));
