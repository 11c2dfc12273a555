/** What promises give that run beside each other, once all are over: where one fails, none goes on behind it. Throws the first failure of the list. */
export async function allOver<const T extends readonly Promise<unknown>[]>(
  all: T,
): Promise<{-readonly [K in keyof T]: Awaited<T[K]>}> {
  await Promise.allSettled(all);
  return Promise.all(all);
}
