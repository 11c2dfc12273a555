import {z} from 'zod';
import {command, duration, durationFrom, whole, yesOrNo} from './values.ts';
import {login} from './logins.ts';
import {wayBackKeys, wayBackOf} from './way-back.ts';

/** A command of the operator, with what takes it back and what tells that it has worked. */
const operatorCommand = z
  .strictObject({
    run: command,
    undo: command.optional(),
    check: command.optional(),
    time_limit: duration.prefault('30s'),
  })
  .transform((file) => ({
    run: file.run,
    /** Takes it back, on every way out; null where nothing has to be. */
    undo: file.undo ?? null,
    /** Ends with 0 once it has worked; asked again until the time is up. */
    check: file.check ?? null,
    limitMs: file.time_limit,
  }));

const commands = z.array(operatorCommand, 'must be a list of commands').default([]);

/** The cutover: `cutover` of longhaul.yaml. */
export const cutover = z
  .strictObject({
    stop: z
      .enum(['longhaul', 'commands'], 'must be longhaul or commands')
      .default('longhaul')
      .describe(
        'Who stops the writes: longhaul (the database read-only, its clients ended, its tables locked), beside any commands, or the commands alone',
      ),
    stop_before: commands.meta({
      description:
        'Your commands that stop the application, before anything is done on the source; each with what undoes it and what tells that it has worked',
      example: '[{run: [pgbouncerctl, pause], undo: [pgbouncerctl, resume], check: [pgbouncerctl, is-paused]}]',
    }),
    stop_after: commands.meta({
      description: 'The same, once the source takes no writes',
      example: '[{run: [/usr/local/bin/maintenance-page, on], undo: [/usr/local/bin/maintenance-page, off]}]',
    }),
    hand_over: commands.meta({
      description:
        'Your commands that lead the application to the target; writes are allowed there once all have ended',
      example:
        '[{run: [/usr/local/bin/switch-dns, target], undo: [/usr/local/bin/switch-dns, source], time_limit: 1min}]',
    }),
    opened: commands.meta({
      description:
        'Your commands once the other side takes writes, behind the cutover and behind longhaul back: what lets a pool go that was paused. One that fails is told',
      example: '[{run: [pgbouncerctl, resume]}]',
    }),
    lock: yesOrNo
      .prefault('yes')
      .describe(
        'Whether every moved table is locked against writes until the hand-over: the only thing that nobody gets past',
      ),
    lock_limit: durationFrom('100ms')
      .prefault('5s')
      .describe('How long the writers that there are may take to end; then the cutover is taken back'),
    drain_limit: duration
      .prefault('1min')
      .describe('How long what is on its way may take to arrive on the target; then the cutover is taken back'),
    write_stop_limit: duration
      .prefault('10min')
      .describe(
        'How long writes may be stopped altogether before the target is opened; then the cutover is taken back',
      ),
    copy_rest_limit: duration
      .prefault('1min')
      .describe(
        'How long it may take, while writes are stopped, to copy again what change capture does not carry: tables without replica identity that were updated or deleted from, large objects, unlogged tables; then the cutover is taken back, and where more is foreseen it does not begin',
      ),
    unlogged: yesOrNo
      .prefault('yes')
      .describe(
        'Whether the rows of unlogged tables are copied while writes are stopped; no leaves those of the target',
      ),
    large_objects: z
      .enum(['contents', 'numbers', 'no'], 'must be contents, numbers or no')
      .default('contents')
      .describe(
        'How large objects are compared while writes are stopped, and those that differ copied again: by all that they hold, by their numbers alone (for an application that never changes one), or not at all',
      ),
    compare_for: durationFrom('0s')
      .prefault('1s')
      .describe(
        'How long tables are compared while writes are stopped; what is left is compared afterwards, as of that moment',
      ),
    compare_limit: durationFrom('0s')
      .prefault('4h')
      .describe(
        'How long the last comparison may go on altogether: its snapshots keep vacuum from its work on both sides, on a target that takes the writes by then. What is left is told, table by table, as not compared',
      ),
    refresh_views: z
      .enum(['all', 'beside-readers', 'no'], 'must be all, beside-readers or no')
      .default('beside-readers')
      .describe(
        'Which materialized views are filled anew after the hand-over: all, though nobody reads one without a unique index meanwhile; those that are read meanwhile; or none. What is not filled anew is told with its statement',
      ),
    sequence_margin: whole(0, 1_000_000_000)
      .default(0)
      .describe("How many steps the target's sequences are set ahead of the source's"),
    logins: z.array(login, 'must be a list of conninfos').default([]).meta({
      description:
        "How each role of the application comes to the target after the hand-over, by the way that it will take then (pooler, DNS name, TLS): a conninfo or service=NAME without a password, which comes from where psql finds it (passfile, ~/.pgpass) or from the environment variable that is named. longhaul cutover --check logs in by each; {to: 'host=…', password_env: APP_PASSWORD} names a variable",
      example: '[service=acme-app, host=app.pooler.internal port=6432 dbname=app user=batch sslmode=verify-full]',
    }),
    ...wayBackKeys,
  })
  .transform((file) => ({
    stop: file.stop,
    stopBefore: file.stop_before,
    stopAfter: file.stop_after,
    handOver: file.hand_over,
    opened: file.opened,
    lock: file.lock,
    lockLimitMs: file.lock_limit,
    drainLimitMs: file.drain_limit,
    writeStopLimitMs: file.write_stop_limit,
    copyRestLimitMs: file.copy_rest_limit,
    unlogged: file.unlogged,
    largeObjects: file.large_objects,
    compareForMs: file.compare_for,
    compareLimitMs: file.compare_limit,
    refreshViews: file.refresh_views,
    sequenceMargin: file.sequence_margin,
    logins: file.logins,
    ...wayBackOf(file),
  }));
