/**
 * A position in the write-ahead log as Postgres prints it: `16/B374D848`.
 * The text is the file number and the byte offset in hexadecimal, so two LSNs never compare as text.
 * Source: https://www.postgresql.org/docs/current/datatype-pg-lsn.html
 */
export type Lsn = string & {readonly brand: 'Lsn'};

const FORM = /^[0-9A-Fa-f]{1,8}\/[0-9A-Fa-f]{1,8}$/;

/** Whether the text is an LSN. */
export function isLsn(text: string): text is Lsn {
  return FORM.test(text);
}

/** The LSN in the text; throws a plain error ("bug") when it is none, since LSNs only come from servers and our own files. */
export function parseLsn(text: string): Lsn {
  if (!isLsn(text)) throw new Error(`bug: not an LSN: ${JSON.stringify(text)}`);
  return text;
}

/** The LSN's byte address from the beginning of the WAL. */
export function lsnAddress(lsn: Lsn): bigint {
  const [high = '', low = ''] = lsn.split('/');
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}

/** The LSN at a byte address, as a figure has it. Exact up to 2^53 (9 petabytes). */
export function lsnAt(address: number): Lsn {
  const bytes = BigInt(Math.trunc(address));
  return parseLsn(`${(bytes >> 32n).toString(16)}/${(bytes & 0xffff_ffffn).toString(16)}`.toUpperCase());
}

/** Negative when `a` lies before `b`, 0 when they are the same position, positive when after. */
export function compareLsn(a: Lsn, b: Lsn): number {
  const distance = lsnAddress(a) - lsnAddress(b);
  return distance < 0n ? -1 : distance > 0n ? 1 : 0;
}

/** Bytes of WAL from `from` up to `to`; negative when `to` lies before `from`. Exact up to 2^53 (9 petabytes). */
export function lsnDistance(from: Lsn, to: Lsn): number {
  return Number(lsnAddress(to) - lsnAddress(from));
}

/** The later of two positions. */
export function laterLsn(a: Lsn, b: Lsn): Lsn {
  return compareLsn(a, b) >= 0 ? a : b;
}
