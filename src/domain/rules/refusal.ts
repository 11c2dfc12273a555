/** Why a command is not carried out, and what to do instead. */
export interface Refusal {
  readonly why: string;
  readonly remedy: string;
}

/** Makes one. Pure. */
export function refusal(why: string, remedy: string): Refusal {
  return {why, remedy};
}
