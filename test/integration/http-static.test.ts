/** The page, its assets and the API browser, all served from this machine. */
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFixture, type HttpFixture } from './http-fakes.ts'

let http: HttpFixture
beforeAll(async () => {
  http = await createFixture()
})
afterAll(() => http[Symbol.asyncDispose]())

describe('the page', () => {
  it('says that it has not been built, and is served as soon as it is', async () => {
    const missing = await http.get('/')
    expect(missing.status).toBe(503)
    expect(await missing.text()).toContain('npm run build')

    await mkdir(path.join(http.folder, 'page', 'assets'), { recursive: true })
    await writeFile(path.join(http.folder, 'page', 'index.html'), '<!doctype html><title>Kura</title>')
    await writeFile(path.join(http.folder, 'page', 'assets', 'app-1a2b.js'), 'export {}')
    await writeFile(path.join(http.folder, 'page', 'kura.svg'), '<svg/>')
    await writeFile(path.join(http.folder, 'secret.txt'), 'secret')

    const page = await http.get('/')
    expect([page.status, page.headers.get('content-type'), page.headers.get('cache-control')]).toEqual([
      200,
      'text/html; charset=utf-8',
      'no-cache',
    ])
    const script = await http.get('/assets/app-1a2b.js')
    expect(script.headers.get('content-type')).toMatch(/^text\/javascript/)
    expect(script.headers.get('cache-control')).toContain('immutable')
    expect((await http.get('/kura.svg')).headers.get('content-type')).toBe('image/svg+xml')
    const etag = page.headers.get('etag') ?? ''
    expect((await http.get('/', { 'if-none-match': etag })).status).toBe(304)
  })

  it.each([
    '/assets/%2e%2e/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/assets/',
    '/assets/%00',
    '/secret.txt',
  ])('gives nothing outside its folder: %s', async (address) => {
    expect((await http.get(address)).status).toBe(404)
  })
})

describe('the files of pdf.js', () => {
  it.each([
    ['/assets/pdfjs/cmaps/UniGB-UCS2-H.bcmap', 'application/octet-stream'],
    ['/assets/pdfjs/standard_fonts/LiberationSans-Regular.ttf', 'font/ttf'],
    ['/assets/pdfjs/wasm/openjpeg.wasm', 'application/wasm'],
    ['/assets/pdfjs/build/pdf.worker.min.mjs', 'text/javascript; charset=utf-8'],
  ])('are served: %s', async (address, type) => {
    const response = await http.get(address)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe(type)
    expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(100)
  })

  it.each([
    '/assets/pdfjs/package.json',
    '/assets/pdfjs/legacy/build/pdf.mjs',
    '/assets/pdfjs/cmaps/../package.json',
    '/assets/pdfjs/cmaps',
  ])('are all that is served of its package: %s', async (address) => {
    expect((await http.get(address)).status).toBe(404)
  })
})

describe('the API browser', () => {
  it('loads nothing from elsewhere and has no inline script or style', async () => {
    const html = await (await http.get('/docs')).text()
    const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address ?? '')
    expect(loaded.length).toBeGreaterThan(3)
    for (const address of loaded) {
      expect(address).toMatch(/^\/docs\/assets\//)
      expect((await http.get(address)).status).toBe(200)
    }
    expect(html).not.toMatch(/<script>|<style|style=|onload=/)
  })

  it('serves no other file of its package', async () => {
    for (const name of ['package.json', 'index.html', 'swagger-initializer.js', '..%2fpackage.json']) {
      expect((await http.get(`/docs/assets/${name}`)).status).toBe(404)
    }
  })
})
