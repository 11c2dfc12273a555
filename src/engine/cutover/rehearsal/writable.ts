/** Until the hand-over the target's database is read-only for whoever does not say otherwise: so begins SQL that is to be done there by hand. */
export const WRITABLE = 'SET default_transaction_read_only = off; ';
