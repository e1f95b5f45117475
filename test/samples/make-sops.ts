/**
 * Writes the sample SOPs into data/samples: DOCX by the docx package, PDF by headless Chromium (Debian: chromium,
 * fonts-liberation, fonts-droid-fallback). Run it after a change of the texts: `node --import tsx test/samples/make-sops.ts [FOLDER]`.
 */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { renderDocx } from './render-docx.ts'
import { renderHtml } from './render-html.ts'
import { alarmsSop } from './sop-alarms.ts'
import { checkNumbers } from './sop-block.ts'
import { lockoutSop } from './sop-lockout.ts'
import { maintenanceSop } from './sop-maintenance.ts'
import { relocationSop } from './sop-relocation.ts'

const sops = [lockoutSop, maintenanceSop, alarmsSop, relocationSop]

const print = async (html: string, pdf: string, scratch: string): Promise<void> => {
  const page = path.join(scratch, 'page.html')
  await writeFile(page, html)
  const options = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--no-pdf-header-footer',
    `--user-data-dir=${scratch}/profile`,
  ]
  await promisify(execFile)('chromium', [...options, `--print-to-pdf=${pdf}`, pathToFileURL(page).href], {
    timeout: 60_000,
  })
}

const folder = path.resolve(process.argv[2] ?? fileURLToPath(new URL('../../data/samples', import.meta.url)))
const scratch = await mkdtemp(path.join(tmpdir(), 'kura-sops-'))
try {
  await mkdir(folder, { recursive: true })
  for (const sop of sops) {
    checkNumbers(sop)
    for (const { language, format, file } of sop.editions) {
      const target = path.join(folder, file)
      if (format === 'docx') await writeFile(target, await renderDocx(sop, language))
      else await print(renderHtml(sop, language), target, scratch)
      process.stderr.write(`${target}\n`)
    }
  }
} finally {
  await rm(scratch, { recursive: true, force: true })
}
