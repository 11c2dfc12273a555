import {LonghaulError} from '../../domain/base/longhaul-error.ts';

/** The work's answer, or an `unreachable` LonghaulError once the time is up; the work itself may go on, and what it says then is passed over. */
export async function within<T>(limitMs: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new LonghaulError({
          code: 'unreachable',
          message: `${what}: no answer within ${Math.round(limitMs / 1000)} s`,
          remedy: 'it is asked again by itself; see whether the server is up and the network lets through',
        }),
      );
    }, limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
