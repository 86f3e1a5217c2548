import { runTestFiles } from './suite.ts';

// One process for many test files, so that shared imports are loaded once.
await runTestFiles(process.argv.slice(2));
