import { describe, expect, it } from 'vitest'
import { parseNvidiaSmi } from '../../src/models/hardware.ts'

const mib = 2 ** 20

describe('reading nvidia-smi', () => {
  it('gives name and memory of each GPU', () => {
    expect(parseNvidiaSmi('NVIDIA H100 80GB HBM3, 81559\nNVIDIA A2, 15356\n', 0)).toEqual([
      { name: 'NVIDIA H100 80GB HBM3', memoryBytes: 81_559 * mib },
      { name: 'NVIDIA A2', memoryBytes: 15_356 * mib },
    ])
  })

  it('takes the memory of the machine for a GPU that shares it', () => {
    expect(parseNvidiaSmi('NVIDIA GB10, [N/A]\n', 128 * 2 ** 30)).toEqual([
      { name: 'NVIDIA GB10', memoryBytes: 128 * 2 ** 30 },
    ])
  })

  it('finds no GPU in an empty answer or an error message', () => {
    expect(parseNvidiaSmi('', 1)).toEqual([])
    expect(parseNvidiaSmi('NVIDIA-SMI has failed because it could not communicate with the driver.\n', 1)).toEqual([])
  })
})
