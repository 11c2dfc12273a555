import {z} from 'zod';
import {isLsn, type Lsn} from '../../pg/lsn.ts';

/** An LSN: `16/B374D848`. */
export const lsn = z.custom<Lsn>((value) => typeof value === 'string' && isLsn(value), 'is no LSN');

/** A list of names or of sentences. */
export const words = z.array(z.string()).readonly();

/** How many. */
export const count = z.number();

/** A time of a server or of the jump box, ISO 8601. */
export const time = z.string();
