/** For the environment of the built program: its clock goes wrong by so much. */
export function shiftedClock(minutes: number): Readonly<Record<string, string>> {
  const script = `const shift = ${minutes} * 60000, Real = Date;
globalThis.Date = class extends Real {
  constructor(...given) { given.length === 0 ? super(Real.now() + shift) : super(...given); }
  static now() { return Real.now() + shift; }
};`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}` };
}
