import { value } from '@neurovoyance/testing/models'
import { Net } from './net.js'

/** Depth and width of a residual network of bottleneck blocks. */
interface ResNet {
  readonly blocks: readonly number[]
  readonly width: number
  readonly classes: number
  readonly weights: boolean
}

export const RESNET_50: ResNet = { blocks: [3, 4, 6, 3], width: 64, classes: 1000, weights: false }

/** A residual network (He et al. 2015), strides on the 3×3 convolutions. */
export function resNet({ blocks, width, classes, weights }: ResNet): Uint8Array {
  const net = new Net({ weights })
  let channels = width
  let x = convolution(net, 'x', 3, width, 7, 2)
  x = net.op('MaxPool', [net.op('Relu', [x])], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] })
  for (const [stage, count] of blocks.entries()) {
    for (let block = 0; block < count; block++) {
      const inner = width * 2 ** stage
      x = bottleneck(net, x, channels, inner, block === 0 && stage > 0 ? 2 : 1)
      channels = inner * 4
    }
  }
  const pooled = net.op('Flatten', [net.op('GlobalAveragePool', [x])], { axis: 1 })
  const logits = net.op('Gemm', [pooled, net.weight([classes, channels]), net.weight([classes])], {
    transB: 1,
  })
  return net.model(
    [value('x', 'float32', ['n', 3, 'h', 'w'])],
    [value('logits', 'float32', ['n', classes])],
    [logits],
  )
}

function bottleneck(net: Net, x: string, from: number, inner: number, stride: number): string {
  const to = inner * 4
  const narrow = net.op('Relu', [convolution(net, x, from, inner, 1, 1)])
  const middle = net.op('Relu', [convolution(net, narrow, inner, inner, 3, stride)])
  const wide = convolution(net, middle, inner, to, 1, 1)
  const skip = from === to && stride === 1 ? x : convolution(net, x, from, to, 1, stride)
  return net.op('Relu', [net.op('Add', [wide, skip])])
}

/** A convolution and its normalization. */
function convolution(net: Net, x: string, from: number, to: number, kernel: number, stride: number): string {
  const pad = (kernel - 1) / 2
  const convolved = net.op('Conv', [x, net.weight([to, from, kernel, kernel])], {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads: [pad, pad, pad, pad],
  })
  return net.op('BatchNormalization', [convolved, ...[0, 1, 2, 3].map(() => net.weight([to]))])
}
