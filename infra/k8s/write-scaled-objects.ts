// npm run scaled-objects -- 32: writes the ScaledObjects of both keda components for 32 partitions (16 unless
// given).
import { writeFileSync } from 'node:fs';
import { scaledObjectFiles } from './scaled-object-files.ts';

const partitions = Number(process.argv[2] ?? 16);
if (!Number.isInteger(partitions) || partitions < 1 || partitions > 4_096)
  throw new Error('how many partitions? 1 to 4096');
for (const { file, text } of scaledObjectFiles(partitions)) writeFileSync(file, text);
