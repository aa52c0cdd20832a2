/** What `nv` sets in its process before it loads anything: received buffers are given back before they add up. */
import { setFlagsFromString } from 'node:v8'

setFlagsFromString('--semi-space-growth-factor=1')
