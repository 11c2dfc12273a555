import type {Config} from '../../config/config.ts';
import type {Inventory} from '../../domain/pg/inventory.ts';
import {captureNeeds, type EngineChoice} from '../capture/needs.ts';
import {planSlots} from './plan-slots.ts';
import {planUnits} from './plan-units.ts';
import type {Plan} from './plan-file.ts';
import {withSentinels} from './with-sentinels.ts';

/** What of longhaul.yaml a plan is made by. */
export type PlanConfig = Pick<Config, 'slots' | 'load'> & EngineChoice;

/** The plan that Longhaul proposes. Pure. Throws `config` where longhaul.yaml names what is not there. */
export function makePlan(inventory: Inventory, config: PlanConfig): Plan {
  return {
    slots:
      captureNeeds(config).slots === null
        ? {slots: []}
        : withSentinels(inventory, (tables) => planSlots(tables, config.slots)),
    units: planUnits(inventory, config.load),
  };
}
