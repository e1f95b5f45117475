/**
 * Runs LibreOffice on one file, without a window, in a profile of its own that knows no macros, no links and no network. In: a file and a scratch folder. Out: the
 * converted file. LibreOffice never outlives the process that asked for it: a watcher in its process group waits for a pipe that closes
 * when that process ends, however it ends. Neighbour: `parse-legacy.ts`.
 */
import { spawn } from 'node:child_process'
import { access, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { KuraError, wrapError } from '../../src/core/errors.ts'

/** What may be the address space of LibreOffice, in KiB: its libraries alone reserve a fourth. */
const addressSpaceKiB = 4 * 2 ** 20

/** Descriptor 3 is a pipe that nobody writes to. `kill 0` ends the whole group, the watcher itself included. */
const watched = `ulimit -v ${addressSpaceKiB}
"$@" 3<&- &
job=$!
(read -r _ <&3; kill -KILL 0) &
watcher=$!
wait $job
code=$?
kill $watcher
exit $code`

const setting = (path: string, name: string, value: string): string =>
  `<item oor:path="${path}"><prop oor:name="${name}" oor:op="fuse"><value>${value}</value></prop></item>`

/** Nothing in a document is run or followed; a proxy that is not there stands before the network. */
const profile = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">${[
  setting('/org.openoffice.Office.Common/Security/Scripting', 'DisableMacrosExecution', 'true'),
  setting('/org.openoffice.Office.Common/Security/Scripting', 'BlockUntrustedRefererLinks', 'true'),
  setting('/org.openoffice.Office.Common/Security/Scripting', 'DisableActiveContent', 'true'),
  setting('/org.openoffice.Office.Writer/Content/Update', 'Link', '2'),
  setting('/org.openoffice.Office.Calc/Content/Update', 'Link', '2'),
  setting('/org.openoffice.Inet/Settings', 'ooInetProxyType', '2'),
  ...['HTTP', 'HTTPS'].flatMap((kind) => [
    setting('/org.openoffice.Inet/Settings', `ooInet${kind}ProxyName`, '127.0.0.1'),
    setting('/org.openoffice.Inet/Settings', `ooInet${kind}ProxyPort`, '9'),
  ]),
].join('')}</oor:items>`

const run = (program: string, args: readonly string[], folder: string): Promise<number | null> =>
  new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', watched, 'sh', program, ...args], {
      detached: true,
      cwd: folder,
      env: {
        PATH: '/usr/bin:/bin',
        HOME: folder,
        TMPDIR: folder,
        LANG: 'C.UTF-8',
        http_proxy: 'http://127.0.0.1:9',
        https_proxy: 'http://127.0.0.1:9',
      },
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    })
    child.once('error', reject)
    child.once('exit', (code) => resolve(code))
  })

/**
 * @param program of LibreOffice
 * @param formats the file's format and the one that is wanted, e.g. `doc` and `docx`
 * @returns the path of the converted file, inside the scratch folder
 * @throws file_damaged where LibreOffice can not read it
 */
export const convertLegacy = async (
  program: string,
  file: string,
  formats: { readonly from: string; readonly to: string },
  scratchFolder: string,
): Promise<string> => {
  const folder = join(scratchFolder, 'libreoffice')
  const input = join(folder, `document.${formats.from}`)
  const output = join(folder, 'out', `document.${formats.to}`)
  try {
    await mkdir(join(folder, 'profile', 'user'), { recursive: true })
    await writeFile(join(folder, 'profile', 'user', 'registrymodifications.xcu'), profile)
    await symlink(file, input)
    const args = [
      `-env:UserInstallation=${pathToFileURL(join(folder, 'profile'))}`,
      ...[
        '--headless',
        '--norestore',
        '--nolockcheck',
        '--convert-to',
        formats.to,
        '--outdir',
        join(folder, 'out'),
        input,
      ],
    ]
    await run(program, args, folder)
  } catch (error) {
    throw wrapError(error, 'legacy_office_unavailable', 'LibreOffice can not be started.')
  }
  const isThere = await access(output).then(
    () => true,
    () => false,
  )
  if (isThere) return output
  throw new KuraError('file_damaged', `LibreOffice can not read the file as ${formats.from.toUpperCase()}.`)
}
