import {formatBytes, formatCount} from '../base/units.ts';

/** A figure that a probe has read. It says of itself what it is: it is shown, kept and exported as it is, and nobody else need know its probe. */
export interface Figure {
  /** Within its probe, and in the metrics: `xid_age`. */
  readonly name: string;
  /** On the screen: `xid age`. */
  readonly label: string;
  /** Null where the server does not tell it. */
  readonly value: number | null;
  readonly unit: 'bytes' | 'seconds' | 'count';
  /** What it was seen of: `database app`; null where there is but one. */
  readonly of: string | null;
}

/** A figure for people: `1,234,567, database app`. Pure. */
export function formatFigure({value, unit, of}: Figure): string {
  const words = of === null ? '' : `, ${of}`;
  if (value === null) return `unknown${words}`;
  switch (unit) {
    case 'bytes':
      return `${formatBytes(value)}${words}`;
    case 'seconds':
      return `${Math.round(value)} s${words}`;
    case 'count':
      return `${formatCount(value)}${words}`;
  }
}
