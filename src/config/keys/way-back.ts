import {dsn} from './cdc.ts';
import {yesOrNo} from './values.ts';

/** The way back: those keys of `cutover` that are about reverse replication. */
export const wayBackKeys = {
  reverse: yesOrNo
    .prefault('no')
    .describe(
      'native and pglogical: whether what is written on the target after the hand-over is brought to the source, so that longhaul back loses nothing; the target needs wal_level = logical, the source a role that may subscribe',
    ),
  copy_rest_back: yesOrNo
    .prefault('yes')
    .describe(
      'Whether longhaul back copies again on the source what does not come back by itself, as the cutover does: tables without replica identity that were updated or deleted from, unlogged tables, large objects; no leaves there what there is',
    ),
  target_for_source: dsn.optional().meta({
    description:
      "How the source's server reaches the target, where that is another way than this machine's; what is not written is as in `target`",
    example: 'host=acme.abc.eu-central-1.rds.amazonaws.com sslmode=verify-full sslrootcert=system',
  }),
};

/** The same as the rest of Longhaul reads them. */
export function wayBackOf(file: {
  readonly reverse: boolean;
  readonly copy_rest_back: boolean;
  readonly target_for_source?: string | undefined;
}) {
  return {
    reverse: file.reverse,
    copyRestBack: file.copy_rest_back,
    /** What of the source's own way to the target is another than this machine's; null for the same. */
    targetForSource: file.target_for_source ?? null,
  };
}
