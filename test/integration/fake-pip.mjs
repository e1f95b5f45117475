/**
 * Stands in for pip: `node fake-pip.mjs FOLDER download … --dest D NAME==VERSION` copies FOLDER/NAME-VERSION.whl, or hangs where there is a file
 * FOLDER/hang-NAME, or complains as pip does. Ends by itself when its parent is killed.
 */
import { copyFileSync, existsSync } from 'node:fs'
import path from 'node:path'

const [folder, ...args] = process.argv.slice(2)
const requirement = args.at(-1)
const [name, version] = requirement.split('==')
const wheel = path.join(folder, `${name}-${version}.whl`)
const parent = process.ppid

if (existsSync(path.join(folder, `hang-${name}`))) {
  setInterval(() => {
    if (process.ppid !== parent) process.exit(1)
  }, 50)
} else if (existsSync(wheel)) {
  copyFileSync(wheel, path.join(args[args.indexOf('--dest') + 1], path.basename(wheel)))
} else {
  process.stderr.write(
    `ERROR: Could not find a version of ${requirement} at https://user:secret@index.example/simple\n`,
  )
  process.exitCode = 1
}
