import type { RedisOptions } from './nodes.ts';
import { loadScript, loadStreamScript } from './scripts.ts';

type Scripts = NonNullable<RedisOptions['scripts']>;

const append = loadScript('append').text;
const agreeSettings = loadScript('agree-settings').text;

/** What commands and queries call. */
export const apiScripts: Scripts = { producer: [append], control: [agreeSettings] };

/** What a projector calls. */
export const projectorScripts: Scripts = {
  control: [
    agreeSettings,
    ...['fenced-read', 'lift', 'trim'].map((name) => loadStreamScript(name).text),
    ...['publish-boards', 'mark-boards-complete', 'compare-claim', 'note-claim'].map(
      (name) => loadScript(name).text,
    ),
  ],
};

/** What sends parked entries again. */
export const redriveScripts: Scripts = { producer: [append] };
