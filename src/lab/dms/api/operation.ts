import type {StandIn} from '../stand-in.ts';
import type {Json} from './store.ts';

/** One operation of the API: gives its answer, or throws an ApiError. */
export type Operation = (standIn: StandIn, request: Json) => Json | Promise<Json>;
