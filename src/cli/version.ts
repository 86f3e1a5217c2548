import { createRequire } from 'node:module';

const { version: text }: { version: string } = createRequire(import.meta.url)('../../package.json');

export const version = text;
