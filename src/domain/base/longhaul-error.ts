/** What kind of failure a LonghaulError is; it decides the exit code of the command. */
export type LonghaulErrorCode =
  /** The command line is wrong. Exit 2. */
  | 'usage'
  /** longhaul.yaml or the plan file is wrong. Exit 2. */
  | 'config'
  /** A newer Longhaul wrote a file that this one does not understand. Exit 2. */
  | 'version'
  /** A server or the supervisor could not be reached. Exit 3. */
  | 'unreachable'
  /** What was asked is not so: a blocker, a failed step, rows that differ. Exit 1. */
  | 'failed';

/** What a failure is told with. */
export interface LonghaulErrorOptions {
  readonly code: LonghaulErrorCode;
  /** What is true: one sentence that names the key, server, file or object. */
  readonly message: string;
  /** What to do: the exact SQL, key, setting or command. */
  readonly remedy: string;
  readonly cause?: unknown;
}

/** A failure that the operator can do something about; anything else that is thrown is a bug. */
export class LonghaulError extends Error {
  readonly code: LonghaulErrorCode;
  readonly remedy: string;

  constructor(options: LonghaulErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : {cause: options.cause});
    this.name = 'LonghaulError';
    this.code = options.code;
    this.remedy = options.remedy;
  }
}

/** The exit code of the command that ends with this failure: 1, 2 or 3. */
export function exitCodeOf(error: unknown): 1 | 2 | 3 {
  if (!(error instanceof LonghaulError)) return 1;
  switch (error.code) {
    case 'usage':
    case 'config':
    case 'version':
      return 2;
    case 'unreachable':
      return 3;
    case 'failed':
      return 1;
  }
}
