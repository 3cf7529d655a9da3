/** A machine whose clock is off by so many milliseconds. */
const { milliseconds } = JSON.parse(process.env.FAULT_SETTINGS ?? "{}");
const RealDate = Date;

globalThis.Date = class extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(RealDate.now() + milliseconds);
    else super(...parts);
  }

  static now() {
    return RealDate.now() + milliseconds;
  }
};
