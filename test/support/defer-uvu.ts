// Runs before uvu is loaded: otherwise uvu would start by a timer of its own, before top-level awaits are
// done.
Object.assign(globalThis, { UVU_DEFER: true, UVU_INDEX: 0, UVU_QUEUE: [['']] });

export {};
