/** What is so where the receiver of a standby that is paused at P is gone. Source: facts/boundary.md; measured on 15. */
export const RECEIVER_LOST =
  'it receives no WAL any more, and a paused standby starts no new receiver; P is not lost by that, and the load goes on';

/** What to do about it. */
export const WITHOUT_RECEIVER =
  'let the load end: the receiver comes back once resume-replay lets it go on. Until then the primary keeps WAL for it only through its physical slot, which fills the' +
  ' disk too, or as much as wal_keep_size says; without, it may have to be made anew afterwards. Why it was lost is in the logs of both servers';
