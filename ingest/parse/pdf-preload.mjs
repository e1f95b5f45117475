/**
 * Loads pdf.js before the TypeScript loader, which would rewrite its files of 80,000 lines at every start. Two things make a short-lived process
 * faster by a third: functions are compiled for speed only when they are used much more than by default, and two of Node's own functions that the
 * library replaces by slow ones are put back.
 */
import { setFlagsFromString } from 'node:v8'

setFlagsFromString('--interrupt-budget=800000')
const push = Object.getOwnPropertyDescriptor(Array.prototype, 'push')
const parse = Object.getOwnPropertyDescriptor(JSON, 'parse')
await import('pdfjs-dist/legacy/build/pdf.mjs')
await import('pdfjs-dist/legacy/build/pdf.worker.mjs')
if (push) Object.defineProperty(Array.prototype, 'push', push)
if (parse) Object.defineProperty(JSON, 'parse', parse)
