/** Resolves once the signal is aborted; at once when it is already. */
export async function abortable(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), {once: true});
  });
}
