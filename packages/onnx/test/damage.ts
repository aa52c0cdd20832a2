import fc from 'fast-check'

type Damage = (bytes: Uint8Array) => Uint8Array

/** A place in the bytes, mostly near their head, where the structure is. */
const place = fc.oneof(fc.integer({ min: 0, max: 400 }), fc.nat())

const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.tuple(place, fc.integer({ min: 0, max: 255 })).map(
    ([at, byte]): Damage =>
      bytes => {
        const changed = bytes.slice()
        if (changed.byteLength > 0) changed[at % changed.byteLength] = byte
        return changed
      },
  ),
  place.map(
    (at): Damage =>
      bytes =>
        bytes.slice(0, at % (bytes.byteLength + 1)),
  ),
  fc.tuple(place, fc.uint8Array({ maxLength: 12 })).map(
    ([at, extra]): Damage =>
      bytes => {
        const cut = at % (bytes.byteLength + 1)
        return Uint8Array.from([...bytes.subarray(0, cut), ...extra, ...bytes.subarray(cut)])
      },
  ),
  fc.tuple(place, place).map(
    ([from, length]): Damage =>
      bytes => {
        const start = from % (bytes.byteLength + 1)
        const end = start + (length % 64)
        return Uint8Array.from([
          ...bytes.subarray(0, end),
          ...bytes.subarray(start, end),
          ...bytes.subarray(end),
        ])
      },
  ),
)

/** One of the samples, changed in up to four places. */
export function damaged(samples: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(fc.constantFrom(...samples), fc.array(damage, { minLength: 1, maxLength: 4 }))
    .map(([bytes, steps]) => steps.reduce((changed, step) => step(changed), bytes))
}
