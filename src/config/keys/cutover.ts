import {z} from 'zod';
import {wayBackKeys, wayBackOf} from './way-back.ts';

/** The cutover: `cutover` of longhaul.yaml. */
export const cutover = z.strictObject({...wayBackKeys}).transform((file) => ({...wayBackOf(file)}));
