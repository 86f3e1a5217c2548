import type { Action, ClientAction } from './plan.ts';

/** A record, so that the compiler asks for a new one's place here. */
const clientActions: Readonly<Record<ClientAction['type'], true>> = {
  open: true,
  reserve: true,
  confirm: true,
  extend: true,
  cancel: true,
  change: true,
  again: true,
};

/** What a client does; everything else is done to servers and processes. */
export const isClientAction = (action: Omit<Action, 'atMs'>): action is ClientAction =>
  action.type in clientActions;
