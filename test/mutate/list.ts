import {ALARMS} from './list/alarms.ts';
import {ALIKE} from './list/alike.ts';
import {BINARY} from './list/binary.ts';
import {BOUNDARY} from './list/boundary.ts';
import {BUILDS} from './list/builds.ts';
import {BUG_REPORTS} from './list/bug-reports.ts';
import {CUTOVER} from './list/cutover.ts';
import {FALLING} from './list/falling.ts';
import {TAKEN_IN} from './list/taken-in.ts';
import {TURNED} from './list/turned.ts';
import {FINAL} from './list/final.ts';
import {GOING_BACK} from './list/going-back.ts';
import {DURING} from './list/during.ts';
import {REST} from './list/rest.ts';
import {JOURNAL} from './list/journal.ts';
import {KEEPER} from './list/keeper.ts';
import {LANES} from './list/lanes.ts';
import {LANE_SCRIPT} from './list/lane-script.ts';
import {LEDGER} from './list/ledger.ts';
import {DMS} from './list/dms.ts';
import {NATIVE} from './list/native.ts';
import {PGLOGICAL} from './list/pglogical.ts';
import {NOBODY_THERE} from './list/nobody.ts';
import {OBJECTS} from './list/objects.ts';
import {OPERATOR} from './list/operator.ts';
import {CHANGED_ENGINE} from './list/engines.ts';
import {AGAIN} from './list/again.ts';
import {COMPARING} from './list/comparing.ts';
import {PARTS} from './list/parts.ts';
import {PRODUCTION} from './list/production.ts';
import {PROOF} from './list/proof.ts';
import {RATE} from './list/rate.ts';
import {REHEARSAL} from './list/rehearsal.ts';
import {SECRETS} from './list/secrets.ts';
import {SERVERS} from './list/servers.ts';
import {STANDING} from './list/standing.ts';
import {WIRE} from './list/wire.ts';
import {WHOLE_RUNS} from './list/whole-runs.ts';
import type {Mutation} from './mutation.ts';

/** Everything that is tried: what decides about rows, slots, production or rights. */
export const MUTATIONS: readonly Mutation[] = [
  ...BOUNDARY,
  ...ALARMS,
  ...ALIKE,
  ...PROOF,
  ...LEDGER,
  ...PARTS,
  ...COMPARING,
  ...AGAIN,
  ...BINARY,
  ...PRODUCTION,
  ...KEEPER,
  ...CHANGED_ENGINE,
  ...NATIVE,
  ...DMS,
  ...PGLOGICAL,
  ...CUTOVER,
  ...GOING_BACK,
  ...FINAL,
  ...DURING,
  ...FALLING,
  ...TURNED,
  ...TAKEN_IN,
  ...REST,
  ...LANES,
  ...RATE,
  ...REHEARSAL,
  ...LANE_SCRIPT,
  ...BUILDS,
  ...JOURNAL,
  ...NOBODY_THERE,
  ...OBJECTS,
  ...OPERATOR,
  ...WIRE,
  ...SECRETS,
  ...BUG_REPORTS,
  ...SERVERS,
  ...STANDING,
  ...WHOLE_RUNS,
];
