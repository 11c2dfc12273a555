import {OF_ALARMS} from './register/alarms.ts';
import {OF_BOUNDARY} from './register/boundary.ts';
import {OF_CAPTURE} from './register/capture.ts';
import {OF_COMMANDS} from './register/commands.ts';
import {OF_DATABASE} from './register/database.ts';
import {OF_LOAD} from './register/load.ts';
import {OF_MACHINE} from './register/machine.ts';
import {OF_SERVERS} from './register/servers.ts';
import type {Remedy} from './remedy.ts';

/** Every remedy that Longhaul gives, with the situation that it is for and who carries it out (docs/decisions/0051-a-register-of-remedies.md). */
export const REMEDIES: readonly Remedy[] = [
  ...OF_SERVERS,
  ...OF_DATABASE,
  ...OF_CAPTURE,
  ...OF_BOUNDARY,
  ...OF_LOAD,
  ...OF_ALARMS,
  ...OF_COMMANDS,
  ...OF_MACHINE,
];
