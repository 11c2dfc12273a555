/** What is so where the receiver of a standby that is paused at P is gone. Source: facts/boundary.md; measured on 15. */
export const RECEIVER_LOST =
  'it receives no WAL any more, and a paused standby starts no new receiver; P is not lost by that, and the load goes on';

/** What to do about it. */
export const WITHOUT_RECEIVER =
  'let the load end, and resume-replay brings the receiver back: until then only its physical slot, which fills the disk of the primary, or wal_keep_size keep WAL for it; without, it may have to be made anew; the logs of both servers say why it was lost';
