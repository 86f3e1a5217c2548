import type { Action, ClientAction } from './plan.ts';

/** A record, so that the compiler requires an entry for every new action of clients. */
const clientActions: Readonly<Record<ClientAction['type'], true>> = {
  open: true,
  reserve: true,
  confirm: true,
  extend: true,
  cancel: true,
  change: true,
  again: true,
  look: true,
  watch: true,
  newer: true,
  many: true,
};

/** Whether a client does it; every other action is a fault of a server or process. */
export const isClientAction = (action: Omit<Action, 'atMs'>): action is ClientAction =>
  action.type in clientActions;
