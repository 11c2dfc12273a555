import {LonghaulError} from '../../../domain/base/longhaul-error.ts';

/** Why replica and target are not held at one commit for certain: it is tried again, and else rows are compared by converging. */
export class Unproved extends LonghaulError {
  constructor(why: string) {
    super({
      code: 'failed',
      message: `replica and target are not held at one commit for certain: ${why}`,
      remedy:
        'longhaul compare --again tries it again; longhaul compare --again --converging compares without holding anything',
    });
  }
}
