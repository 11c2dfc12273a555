import {BINARY} from './binary.ts';
import {COPY} from './copy.ts';
import {PG_DUMP} from './pg-dump.ts';
import type {Pipeline} from './pipeline.ts';

const PIPELINES: readonly Pipeline[] = [PG_DUMP, COPY, BINARY];

/** The method that a lane's folder names; a lane that an older version started names none, and ran pg_dump. Pure. */
export function pipelineNamed(method: string): Pipeline {
  return PIPELINES.find((pipeline) => pipeline.method === method.trim()) ?? PG_DUMP;
}
