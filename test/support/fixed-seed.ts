import * as fc from 'fast-check';

// What is tried is the same each time, so that a failure belongs to the change; LONGHAUL_SEED tries something else, nightly.
fc.configureGlobal({seed: Number(process.env['LONGHAUL_SEED'] ?? 4711)});
