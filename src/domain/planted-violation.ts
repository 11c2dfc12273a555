import {sql} from '../pg/session/statement.ts';
/** Planted. */
export const planted = sql('SELECT 1');
