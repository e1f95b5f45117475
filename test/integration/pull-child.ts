/** Pulls the model described in a JSON file, to be killed at it. `node --import tsx pull-child.ts JOB.json` */
import { readFileSync } from 'node:fs'
import type { CatalogEntry } from '../../src/models/catalog.ts'
import { pullModel } from '../../src/models/pull-model.ts'

interface Job {
  readonly entry: CatalogEntry
  readonly folder: string
  readonly pip: readonly string[]
}

const job = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Job
await pullModel(job.entry, { folder: job.folder, tools: { pip: job.pip } })
