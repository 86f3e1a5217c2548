import { runTestFiles } from './suite.ts';

// A process for many test files: what they share is loaded once.
await runTestFiles(process.argv.slice(2));
