/**
 * Which keys a run has given away, in eight bytes each however long they are: a million files must fit. Two keys whose
 * hashes are the same by chance (one in thirty million for a million files) are taken for one, and the second is refused.
 */

export type KeyClaim =
  | "free"
  /** Another file of this run has exactly this key: one object would replace the other. */
  | "taken"
  /** Another one looks the same to a person: the same letters, composed of other code points. */
  | "twin";

export interface TakenKeys {
  claim(key: string): KeyClaim;
}

export function createTakenKeys(): TakenKeys {
  const exact = createHashSet();
  const normal = createHashSet();
  return {
    claim(key) {
      if (!exact.add(key)) return "taken";
      // ASCII is its own normal form.
      if (/^[ -~]*$/.test(key)) return "free";
      return normal.add(key.normalize("NFC")) ? "free" : "twin";
    },
  };
}

/** Open addressing in a typed array: two words of 32 bits an entry. */
function createHashSet() {
  let words = new Uint32Array(2 * 1024);
  let count = 0;

  function place(table: Uint32Array, high: number, low: number): boolean {
    const mask = table.length / 2 - 1;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const [h, l] = [table[2 * slot], table[2 * slot + 1]];
      if (h === high && l === low) return false;
      if (h !== 0 || l !== 0) continue;
      table[2 * slot] = high;
      table[2 * slot + 1] = low;
      return true;
    }
  }

  function grow(): void {
    const wider = new Uint32Array(2 * words.length);
    for (let at = 0; at < words.length; at += 2) {
      const [high = 0, low = 0] = [words[at], words[at + 1]];
      if (high !== 0 || low !== 0) place(wider, high, low);
    }
    words = wider;
  }

  return {
    /** @returns false when it is there already */
    add(text: string): boolean {
      const [high, low] = hash(text);
      if (!place(words, high, low)) return false;
      count += 1;
      // Three quarters full is where searches become long.
      if (count * 8 > words.length * 3) grow();
      return true;
    },
  };
}

/** Two multiplicative hashes of 32 bits, mixed into each other; never two zeros, which stand for an empty place. */
function hash(text: string): readonly [number, number] {
  let a = 0x9e3779b9;
  let b = 0x85ebca6b;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ (unit + (a >>> 15)), 0xc2b2ae35);
    b ^= b >>> 13;
  }
  a = Math.imul(a ^ (a >>> 16) ^ b, 0x7feb352d);
  b = Math.imul(b ^ (b >>> 15), 0x846ca68b) ^ (a >>> 14);
  return [a >>> 0 || 1, b >>> 0];
}
