import {OF_AGAIN} from './register/again.ts';
import {OF_ALARMS} from './register/alarms.ts';
import {OF_THE_REST} from './register/copy-the-rest.ts';
import {OF_CUTOVER} from './register/cutover.ts';
import {OF_COMPARING} from './register/comparing.ts';
import {OF_FILLING} from './register/filling.ts';
import {OF_FINAL} from './register/final.ts';
import {OF_BOUNDARY} from './register/boundary.ts';
import {OF_CAPTURE} from './register/capture.ts';
import {OF_BY_OTHERS} from './register/by-others.ts';
import {OF_ADOPTING} from './register/adopting.ts';
import {OF_DURING} from './register/during.ts';
import {OF_NATIVE} from './register/native.ts';
import {OF_ODD_CATALOGS} from './register/odd-catalogs.ts';
import {OF_PGLOGICAL} from './register/pglogical.ts';
import {OF_COMMANDS} from './register/commands.ts';
import {OF_CONNECTIONS} from './register/connections.ts';
import {OF_DATABASE} from './register/database.ts';
import {OF_DMS} from './register/dms.ts';
import {OF_EXIT} from './register/exit.ts';
import {OF_LOAD} from './register/load.ts';
import {OF_LOAD_REMEDY} from './register/load-remedy.ts';
import {OF_MACHINE} from './register/machine.ts';
import {OF_OBJECTS} from './register/objects.ts';
import {OF_SCHEMA} from './register/schema.ts';
import {OF_SERVERS} from './register/servers.ts';
import {OF_SLOW_SLOTS} from './register/slow-slots.ts';
import {OF_SUPERVISOR} from './register/supervisor.ts';
import {OF_REHEARSAL} from './register/rehearsal.ts';
import {OF_ROOM} from './register/room.ts';
import {OF_WALK} from './register/walk.ts';
import {OF_WAY_BACK} from './register/way-back.ts';
import type {Remedy} from './remedy.ts';

/** Every remedy that Longhaul gives, with the situation that it is for and who carries it out (docs/decisions/0051-a-register-of-remedies.md). */
export const REMEDIES: readonly Remedy[] = [
  ...OF_SERVERS,
  ...OF_REHEARSAL,
  ...OF_DATABASE,
  ...OF_ODD_CATALOGS,
  ...OF_CAPTURE,
  ...OF_NATIVE,
  ...OF_DMS,
  ...OF_PGLOGICAL,
  ...OF_BY_OTHERS,
  ...OF_ADOPTING,
  ...OF_DURING,
  ...OF_SLOW_SLOTS,
  ...OF_BOUNDARY,
  ...OF_EXIT,
  ...OF_SCHEMA,
  ...OF_LOAD,
  ...OF_LOAD_REMEDY,
  ...OF_COMPARING,
  ...OF_OBJECTS,
  ...OF_ALARMS,
  ...OF_FILLING,
  ...OF_CUTOVER,
  ...OF_FINAL,
  ...OF_THE_REST,
  ...OF_COMMANDS,
  ...OF_SUPERVISOR,
  ...OF_MACHINE,
  ...OF_CONNECTIONS,
  ...OF_ROOM,
  ...OF_WALK,
  ...OF_AGAIN,
  ...OF_WAY_BACK,
];
