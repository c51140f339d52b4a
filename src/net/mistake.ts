/** Says where a mistake of imaptap's own happened, for whoever has to mend it; what was said when it did stays unsaid. */

/** Without its message, which may quote what a peer said. */
export const explainMistake = (error: unknown): string =>
  error instanceof Error
    ? [
        error.name,
        ...(error.stack?.match(/^ +at .*$/gmu) ?? []).slice(0, 4).map((frame) => frame.trim()),
      ].join(' | ')
    : 'something that is no error'
