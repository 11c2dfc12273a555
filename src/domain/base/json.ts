/** What a journal line, an evidence or a wire message may hold. */
export type Json = string | number | boolean | null | readonly Json[] | {readonly [key: string]: Json};

/** A JSON object. */
export type JsonObject = {readonly [key: string]: Json};
