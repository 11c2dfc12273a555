/** A plain copy holds no WAL on the source. */
export const NONE_NEEDS = {slots: null} as const;
