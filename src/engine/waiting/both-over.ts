/** What two give that run beside each other, once both are over. Throws the first one's failure, else the second's: neither goes on behind it. */
export async function bothOver<A, B>(both: readonly [Promise<A>, Promise<B>]): Promise<[A, B]> {
  await Promise.allSettled(both);
  return Promise.all(both);
}
