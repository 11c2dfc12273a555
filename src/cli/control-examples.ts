import type {Examples} from './completion/man-page.ts';

/** How the commands that tell a running supervisor something are given. */
export const CONTROL_EXAMPLES: Examples = {
  'longhaul pause': [
    ['longhaul pause 3', 'freeze the lane 3'],
    ['longhaul pause --all', 'freeze every lane, when production needs its disks'],
    ['longhaul pause --start', 'let what runs end, start nothing new'],
  ],
  'longhaul resume': [
    ['longhaul resume 3', 'let the lane 3 go on'],
    ['longhaul resume --all', 'all of them'],
    ['longhaul resume --replay --yes acme-prod', 'on the replica, once nothing needs P'],
  ],
  'longhaul retry': [
    ['longhaul retry public.users', 'load its unit again, now'],
    ['longhaul retry --all', 'every unit that has failed'],
  ],
  'longhaul cancel': [
    ['longhaul cancel 3', 'show what would be ended'],
    ['longhaul cancel 3 --yes acme-prod', 'end the lane 3; none of its rows stay'],
  ],
  'longhaul confirm': [['longhaul confirm create-slots acme-prod', 'what the console asks to be typed']],
  'longhaul continue': [['longhaul continue', 'after what had failed was mended']],
  'longhaul shutdown': [
    ['longhaul shutdown', 'end the supervisor before an upgrade; the lanes load on'],
    ['longhaul shutdown --lanes --yes acme-prod', 'end the lanes as well; none of their rows stay'],
  ],
};
