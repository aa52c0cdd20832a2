/** IEEE 754 half precision, as bit patterns. */

const single = new Float32Array(1)
const bits = new Uint32Array(single.buffer)

/** The number that a half's bit pattern stands for. */
export function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 0x1f
  const fraction = half & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** The bit pattern of the nearest half, ties to even; too large becomes infinity. */
export function floatToHalf(value: number): number {
  single[0] = value
  const word = bits[0]!
  const sign = (word >>> 16) & 0x8000
  const magnitude = word & 0x7fff_ffff
  if (magnitude > 0x7f80_0000) return sign | 0x7e00
  if (magnitude >= 0x477f_f000) return sign | 0x7c00
  if (magnitude < 0x3880_0000) return sign | roundEven(Math.abs(value) * 2 ** 24)
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1)
  return sign | ((rounded - 0x3800_0000) >>> 13)
}

function roundEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor
}
