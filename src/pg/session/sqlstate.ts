/** SQLSTATEs that Longhaul decides by. Source: https://www.postgresql.org/docs/current/errcodes-appendix.html */
export const SQLSTATE = {
  duplicateObject: '42710',
  duplicateTable: '42P07',
  notNullViolation: '23502',
  foreignKeyViolation: '23503',
  uniqueViolation: '23505',
  checkViolation: '23514',
  undefinedFunction: '42883',
  undefinedTable: '42P01',
  undefinedColumn: '42703',
  undefinedObject: '42704',
  invalidSchemaName: '3F000',
  insufficientPrivilege: '42501',
  queryCanceled: '57014',
  adminShutdown: '57P01',
  readOnlyTransaction: '25006',
  datetimeOverflow: '22008',
  lockNotAvailable: '55P03',
  cannotChangeNow: '55P02',
  deadlockDetected: '40P01',
  objectInUse: '55006',
  /** Among others a materialized view that is read before it has rows. */
  notInState: '55000',
  diskFull: '53100',
  tooManyConnections: '53300',
  featureNotSupported: '0A000',
  /** The end of the pipe in the middle of binary rows, or no binary rows at all. */
  badCopyFormat: '22P04',
  dependentObjects: '2BP01',
  internalError: 'XX000',
  /** A buffer that would have to be longer than 1 GB. */
  programLimitExceeded: '54000',
  /** On a standby also what replay cancels, because it is to remove what the query sees. */
  serializationFailure: '40001',
  /** Ours, raised by a unit's opening: another run, or another P, owns the target. */
  notOwner: 'LH001',
  /** Ours, too: a table that a unit is to fill holds rows already. */
  foreignRows: 'LH002',
  /** Ours: the unit is a part of a table that nobody has emptied and noted for this P. */
  notTaken: 'LH003',
  /** Ours: the taking end counted other rows than the sending one. */
  rowsDiffer: 'LH004',
} as const;

/** The SQLSTATE of an error or of what caused it, `42501`; null when a server did not send it. */
export function sqlStateOf(error: unknown): string | null {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && /^[0-9A-Z]{5}$/.test(at.code) && 'severity' in at)
      return at.code;
  }
  return null;
}

/** The constraint that an error is about, where the server names one: `code_fits`; null elsewhere. */
export function constraintOf(error: unknown): string | null {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('constraint' in at && typeof at.constraint === 'string') return at.constraint;
  }
  return null;
}

/** The server's own function that raised it, `get_relation_info`: it tells apart what has one SQLSTATE, in no language. Null where none did. */
export function routineOf(error: unknown): string | null {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('routine' in at && typeof at.routine === 'string') return at.routine;
  }
  return null;
}

/**
 * Whether the same statement may succeed later without anybody doing anything: lost connections (class 08), a server that
 * starts or stops (57P01 to 57P03), serialization and deadlocks (class 40), too many connections (53300), lock time-outs (55P03).
 * A table that is not taken (LH003) is before the next attempt. A full disk (53100) is not healed by time.
 */
export function healsWithTime(sqlstate: string | null): boolean {
  if (sqlstate === null) return false;
  return /^(08...|40...|57P0[123]|53300|55P03|LH003)$/.test(sqlstate);
}
