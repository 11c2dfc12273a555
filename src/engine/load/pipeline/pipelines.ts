import type {Config} from '../../../config/config.ts';
import type {LoadUnit} from '../../../domain/run/load-unit.ts';
import {COPY} from './copy.ts';
import {PG_DUMP} from './pg-dump.ts';
import type {Pipeline} from './pipeline.ts';

const PIPELINES: readonly Pipeline[] = [PG_DUMP, COPY];

/** How a unit's data travels: by the method of longhaul.yaml where it can carry the unit, else the written way, which carries every kind. Pure. */
export function pipelineOf({kind}: Pick<LoadUnit, 'kind'>, {method}: Pick<Config['load'], 'method'>): Pipeline {
  return PIPELINES.find((one) => one.method === method && one.carries.includes(kind)) ?? PG_DUMP;
}

/** The method that a lane's folder names; a lane that an older version started names none, and ran pg_dump. Pure. */
export function pipelineNamed(method: string): Pipeline {
  return PIPELINES.find((pipeline) => pipeline.method === method.trim()) ?? PG_DUMP;
}
