/** Less than this is no room made: segments of WAL come and go. */
export const LEAST_ROOM_BYTES = 64 * 1024 * 1024;

/** How much has to go at once of what was there, or has to come to what was free, for room to be made: half as much, and no less than a few segments of WAL. Pure. */
export function leastRoom(before: number): number {
  return Math.max(Math.abs(before) / 2, LEAST_ROOM_BYTES);
}
