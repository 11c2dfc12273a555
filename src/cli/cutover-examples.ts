import type {Examples} from './completion/man-page.ts';

/** The examples of `longhaul cutover`. */
export const CUTOVER_EXAMPLES: Examples = {
  'longhaul cutover': [
    ['longhaul cutover', 'show what would be done, statement by statement'],
    ['longhaul cutover --check', 'what would stop it, and how long writes would be stopped'],
    ['longhaul cutover --yes acme-prod', 'stop the writes, drain, hand over'],
    ['longhaul cutover --back-out', 'until the target is opened: writes are allowed on the source again'],
    ['longhaul cutover --end-comparison', 'after the hand-over: let go of the snapshots of the last comparison'],
  ],
};
