/** Loaded with `--import shift-clock.ts?days=1`: sets this process's clock wrong by as much. */
const shiftMs = Number(new URL(import.meta.url).searchParams.get('days')) * 24 * 3_600_000
const RealDate = Date
const realNow = Date.now

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, self) =>
    Reflect.construct(target, args.length === 0 ? [realNow() + shiftMs] : args, self),
  get: (target, key) => (key === 'now' ? () => realNow() + shiftMs : Reflect.get(target, key)),
})
