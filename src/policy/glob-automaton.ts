import type { Budget } from "./budget.ts";
import { ANY_ONE, ANY_RUN, type Language } from "./glob.ts";

/** Stands for every character that no pattern mentions at this point. */
export const OTHER = -1;
const END = -3;

interface State {
  /** Places in the patterns where the text read so far may stand, ascending. */
  readonly places: readonly number[];
  /** The characters that lead somewhere of their own; all others lead where OTHER leads. */
  readonly live: readonly number[];
  readonly accepts: boolean;
  readonly next: Map<number, number>;
}

/**
 * A deterministic automaton of a union of globs, made only where a search goes. States are numbers.
 *
 * Once a pattern has passed a `*`, every earlier place of it is redundant: whatever those could still match, the `*` matches too.
 * Dropping them keeps a single glob without `?` at one state per character.
 */
export class Automaton {
  /** Accepts whatever follows. */
  static readonly ALL = 0;
  /** Accepts nothing whatever follows. */
  static readonly DEAD = 1;

  readonly start: number;
  private readonly tokens: number[] = [];
  /** For each place, where its pattern begins. */
  private readonly owner: number[] = [];
  private readonly states: State[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly budget: Budget;

  constructor(language: Language, budget: Budget) {
    this.budget = budget;
    this.states.push({ places: [], live: [], accepts: true, next: new Map() });
    this.states.push({ places: [], live: [], accepts: false, next: new Map() });
    const starts = language.map((pattern) => {
      const first = this.tokens.length;
      budget.spend(pattern.tokens.length);
      for (const token of pattern.tokens) this.tokens.push(token);
      this.tokens.push(END);
      while (this.owner.length < this.tokens.length) this.owner.push(first);
      return first;
    });
    this.start = this.stateOf(starts);
  }

  accepts(state: number): boolean {
    return this.at(state).accepts;
  }

  live(state: number): readonly number[] {
    return this.at(state).live;
  }

  step(state: number, character: number): number {
    if (state <= Automaton.DEAD) return state;
    const { places, live, next } = this.at(state);
    const symbol = live.includes(character) ? character : OTHER;
    const known = next.get(symbol);
    if (known !== undefined) return known;

    const reached: number[] = [];
    for (const place of places) {
      const token = this.tokens[place];
      if (token === ANY_RUN) reached.push(place);
      else if (token === ANY_ONE || token === symbol) reached.push(place + 1);
    }
    const result = this.stateOf(reached);
    next.set(symbol, result);
    return result;
  }

  private at(state: number): State {
    const found = this.states[state];
    if (found === undefined) throw new RangeError(`no state ${state}`);
    return found;
  }

  private stateOf(reached: readonly number[]): number {
    const places = this.close(reached);
    if (places === undefined) return Automaton.ALL;
    if (places.length === 0) return Automaton.DEAD;
    this.budget.spend(places.length + 2);

    const name = places.join();
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    const live = new Set<number>();
    for (const place of places) {
      const token = this.tokens[place] ?? END;
      if (token >= 0) live.add(token);
    }
    this.states.push({
      places,
      live: [...live].sort((a, b) => a - b),
      accepts: places.some((place) => this.tokens[place] === END),
      next: new Map(),
    });
    this.numbers.set(name, this.states.length - 1);
    return this.states.length - 1;
  }

  /** The places with what `*` adds and without what it makes redundant; undefined when everything is accepted from here on. */
  private close(reached: readonly number[]): number[] | undefined {
    const places: number[] = [];
    let from = 0;
    for (const place of [...new Set(reached)].sort((a, b) => a - b)) {
      const owner = this.owner[place] ?? 0;
      if (places.length > 0 && this.owner[places[places.length - 1] ?? 0] !== owner) from = places.length;
      if (this.tokens[place] !== ANY_RUN) {
        if (places[places.length - 1] !== place) places.push(place);
        continue;
      }
      if (this.tokens[place + 1] === END) return undefined;
      places.length = from;
      places.push(place, place + 1);
    }
    return places;
  }
}
