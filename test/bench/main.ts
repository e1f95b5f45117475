/**
 * `npm run bench [NAME…]`: each figure beside that of the bare engine in the same run. Machines differ, ratios less so; run it on a machine that does
 * nothing else.
 */
import path from 'node:path'
import { projectFolder } from '../../src/config/settings.ts'
import { benchBesideIngestion } from './beside-ingestion.ts'
import { benchEmbedding } from './embedding.ts'
import { benchGeneration } from './generation.ts'
import { benchHttp } from './http.ts'
import { benchIngestion } from './ingestion.ts'
import { benchOcr } from './ocr.ts'
import { benchParsing } from './parsing.ts'
import { benchSearch } from './search.ts'
import { benchUpload } from './upload.ts'

const samples = path.join(projectFolder, 'data', 'samples')
const usualPdf = path.join(samples, 'Server_Setting_Method.pdf')

/** `parsing`, `ingestion` and `beside-ingestion` take a PDF: BENCH_PDF=… in front of the command. */
const pdf = process.env.BENCH_PDF || usualPdf

const benches: Readonly<Record<string, () => Promise<unknown>>> = {
  search: benchSearch,
  embedding: benchEmbedding,
  generation: benchGeneration,
  ingestion: () => benchIngestion([pdf]),
  'beside-ingestion': () => benchBesideIngestion([pdf]),
  parsing: () => benchParsing(pdf),
  ocr: () => benchOcr(),
  http: () => benchHttp(500),
  upload: () => benchUpload(500),
}

const wanted = process.argv.slice(2)
for (const [name, run] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  process.stdout.write(`${name}: ${JSON.stringify(await run(), undefined, 2)}\n`)
}
process.exit(0)
