import { describe, expect, it } from 'vitest'
import { indexFingerprint } from '../../ingest/chunk/index-fingerprint.ts'
import { planTargets, type ReadyEngine } from '../../ingest/plan-targets.ts'
import { TermEmbedder } from './fakes.ts'

const engineOf = (name: string): ReadyEngine => ({
  name,
  embedder: new TermEmbedder(),
  model: { name, fingerprint: `emb_${name}`, dimensions: 8, maxTokens: 512 },
})
const former = engineOf('former')
const newer = engineOf('newer')
const own = (engine: ReadyEngine): string => indexFingerprint(engine.model)

describe('the tables that a worker writes', () => {
  it('are the one that answers, and beside it the one of the wished model', () => {
    expect(planTargets({ fingerprint: own(former) }, [former, newer], newer)).toEqual({
      answering: { engine: former, fingerprint: own(former) },
      upcoming: { engine: newer, fingerprint: own(newer) },
    })
  })

  it('are one where the wished model answers already, or nothing does yet', () => {
    expect(planTargets({ fingerprint: own(former) }, [former], former)).toEqual({
      answering: { engine: former, fingerprint: own(former) },
    })
    expect(planTargets(undefined, [newer], newer)).toEqual({ answering: { engine: newer, fingerprint: own(newer) } })
  })

  it('are both of one model where the chunks are cut otherwise now', () => {
    const fingerprint = 'emb_former/chunker-0/100-tokens'
    expect(planTargets({ fingerprint }, [former], former)).toEqual({
      answering: { engine: former, fingerprint },
      upcoming: { engine: former, fingerprint: own(former) },
    })
  })

  it('are never written with vectors of another model', () => {
    const active = { fingerprint: own(engineOf('gone')) }
    expect(planTargets(active, [newer], newer)).toEqual({ upcoming: { engine: newer, fingerprint: own(newer) } })
    expect(planTargets(active, [former], undefined)).toEqual({})
  })
})
