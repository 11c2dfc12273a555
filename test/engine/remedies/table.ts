import {ALARMS} from './alarms.ts';
import {PGLOGICAL} from './pglogical.ts';
import {DATA, RIGHTS} from './rights.ts';
import {SETTINGS} from './settings.ts';
import type {Situation} from './situation.ts';
import {STEPS} from './steps.ts';
import {TARGET} from './target.ts';

/** Every situation whose remedy touches production, in an order in which the server is seldom restarted. */
export const SITUATIONS: readonly Situation[] = [
  ...SETTINGS,
  ...RIGHTS,
  ...PGLOGICAL,
  ...DATA,
  ...STEPS,
  ...ALARMS,
  ...TARGET,
];
