import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {formatBytes} from '../../../domain/base/units.ts';

/** A peek decodes all that the slot keeps, on production: throws where that is more than `most`, `cdc.peek_wal`. Bytes. */
export function mustBeLittle(slot: string, bytes: number, most: number): void {
  if (bytes <= most) return;
  throw new LonghaulError({
    code: 'failed',
    message: `to see what ${slot} is stuck on, the source would have to decode up to ${formatBytes(bytes)} of WAL, more than cdc.peek_wal (${formatBytes(most)})`,
    remedy:
      "mend what the target's log names, and it goes on by itself; or, when the source can bear that, raise cdc.peek_wal in longhaul.yaml and start the supervisor anew: longhaul shutdown; longhaul run",
  });
}
