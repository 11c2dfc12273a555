/** One piece of a remedy that is carried out. */
export type RemedyAct =
  | {readonly act: 'sql'; readonly on: 'source' | 'replica' | 'target'; readonly database: string; readonly sql: string}
  | {readonly act: 'restart'; readonly on: 'source' | 'replica' | 'target'};

const SQL =
  /^(?<where>(?:[^]*?: )?)(?<sql>(?:ALTER|BEGIN|CHECKPOINT|COMMIT|CREATE|DELETE|DROP|GRANT|REVOKE|ROLLBACK|SELECT|SET|TRUNCATE|VACUUM)\b[^]*)$/;

/**
 * What a remedy does to servers, literally: `on the replica, as superuser: ALTER SYSTEM …; restart the replica; or lower slots.count`. Its
 * pieces are parted by `; `; what begins with SQL, after a place and a colon or not, is run as it is there; the rest is said to people. `or` begins
 * the next alternative, counted from 0.
 */
export function parseRemedy(remedy: string, alternative = 0): RemedyAct[] {
  let on: 'source' | 'replica' | 'target' = 'source';
  let database = 'app';
  let current = 0;
  const acts: RemedyAct[] = [];
  for (const whole of splitOutsideQuotes(remedy)) {
    const piece = whole.replace(/^or\b[:,]? ?/, '');
    if (piece !== whole) current += 1;
    const {where = '', sql} = SQL.exec(piece)?.groups ?? {};
    if (/\bon the (?:source|primary)\b/.test(where)) on = 'source';
    if (/\bon the replica\b/.test(where)) on = 'replica';
    if (/\bon the target\b/.test(where)) on = 'target';
    database = /\bin database (\S+):/.exec(where)?.[1] ?? database;
    const restarted = /^restart the (source|replica|target)$/.exec(piece)?.[1];
    if (current !== alternative) continue;
    if (sql !== undefined) acts.push({act: 'sql', on, database, sql});
    if (restarted === 'source' || restarted === 'replica' || restarted === 'target')
      acts.push({act: 'restart', on: restarted});
  }
  return acts;
}

function splitOutsideQuotes(text: string): string[] {
  // The apostrophe of a word opens no quote.
  return [...text.matchAll(/(?:"(?:[^"]|"")*"|(?<![a-z])'(?:[^']|'')*'|(?!; )[^])+/g)].map(([piece]) => piece.trim());
}
