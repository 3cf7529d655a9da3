/** Gathers what is written within one turn into one write: thousands of result lines would be as many system calls. */
export interface BatchedText {
  write(text: string): void;
  /** Writes what was gathered. */
  flush(): void;
}

/** @param later calls back when the turn is over */
export function batchText(write: (text: string) => void, later: (flush: () => void) => void): BatchedText {
  let gathered = "";
  function flush(): void {
    if (gathered === "") return;
    const text = gathered;
    gathered = "";
    write(text);
  }
  return {
    write(text) {
      if (gathered === "") later(flush);
      gathered += text;
    },
    flush,
  };
}
