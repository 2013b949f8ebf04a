// pace.ts - when to ask again for what has changed: at once, then at most every
// quietMs, and for each thing once more laterMs after it changed last, since
// lists and counts follow the log by a moment.
export interface Pace<T> {
  add: (changed: Iterable<T>) => void;
  stop: () => void;
}

export function pace<T>(ask: (changed: T[]) => void, quietMs: number, laterMs: number): Pace<T> {
  const dirty = new Set<T>();
  const due = new Map<T, number>();
  let quiet: ReturnType<typeof setTimeout> | undefined;
  let later: ReturnType<typeof setTimeout> | undefined;

  function again() {
    later = undefined;
    const now = Date.now();
    const ripe = [...due].filter(([, at]) => at <= now).map(([one]) => one);
    for (const one of ripe) due.delete(one);
    if (ripe.length > 0) ask(ripe);
    if (due.size > 0) later = setTimeout(again, Math.max(1, Math.min(...due.values()) - now));
  }
  function run() {
    quiet = undefined;
    if (dirty.size === 0) return;
    const changed = [...dirty];
    dirty.clear();
    quiet = setTimeout(run, quietMs);
    ask(changed);
  }
  return {
    add(changed) {
      const at = Date.now() + laterMs;
      for (const one of changed) {
        dirty.add(one);
        due.set(one, at);
      }
      if (due.size > 0) later ??= setTimeout(again, laterMs);
      if (quiet === undefined) run();
    },
    stop() {
      clearTimeout(quiet);
      clearTimeout(later);
      quiet = later = undefined;
      dirty.clear();
      due.clear();
    },
  };
}
