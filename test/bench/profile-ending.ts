/** Loaded before a profiled peer: makes SIGTERM end it by `process.exit`, because only then Node writes its profile. */

/** A peer that ends in good order by itself is faster than this. */
const PATIENCE_MS = 2000

process.once('SIGTERM', () => setTimeout(() => process.exit(0), PATIENCE_MS))
