/** Mails and archives through the real child process: one page, and a file for each thing inside. */
import { readFile } from 'node:fs/promises'
import iconv from 'iconv-lite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ParseOptions } from '../../ingest/parse/parse-file.ts'
import type { ParsedDocument } from '../../src/core/document.ts'
import { makeArchive, makeMsg, type RawEntry } from './mail-fixtures.ts'
import { codeOf, Folder, onlyPage, outline, parse } from './parse-fixtures.ts'

let folder: Folder
beforeAll(async () => {
  folder = await Folder.create()
})
afterAll(() => folder[Symbol.asyncDispose]())

/** The document, and what lay in it by its path. */
const unpack = async (
  name: string,
  content: string | Uint8Array,
  options: Partial<ParseOptions> = {},
): Promise<{ document: ParsedDocument; files: Map<string, Buffer> }> => {
  const files = new Map<string, Buffer>()
  const path = await folder.write(name, content)
  const document = await parse(path, {
    name,
    onAttachment: async ({ entry, file }) => {
      files.set(entry, await readFile(file))
    },
    ...options,
  })
  return { document, files }
}

const lines = (...parts: (string | Uint8Array)[]): Buffer =>
  Buffer.concat(parts.flatMap((part) => [Buffer.from(part), Buffer.from('\r\n')]))
const base64 = (bytes: string | Uint8Array): string => Buffer.from(bytes).toString('base64')

describe('EML', () => {
  it('becomes its subject, its head, its body and its attachments', async () => {
    const mail = lines(
      `From: =?big5?B?${base64(iconv.encode('王小明', 'big5'))}?= <wang@factory.example>`,
      'To: maintenance@factory.example,',
      ' =?iso-2022-jp?B?GyRCO0VFRBsoQg==?= <s@factory.example>',
      `Subject: =?big5?B?${base64(iconv.encode('油壓機', 'big5'))}?= =?utf-8?Q?_E=2D101?=`,
      'Date: Tue, 3 Mar 2020 09:00:00 +0800 (CST)',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary="b1"',
      '',
      '--b1',
      'Content-Type: text/plain; charset=utf-8',
      '',
      'The pump of press 3 leaks.',
      '',
      '> Which pump?',
      '> And since when?',
      '--b1',
      'Content-Type: message/rfc822',
      '',
      'Subject: the inner mail',
      'From: a@factory.example',
      '',
      'Inner text.',
      '--b1',
      'Content-Type: text/csv; name="values.csv"',
      'Content-Disposition: attachment; filename="values.csv"',
      '',
      'a,b',
      '--b1',
      "Content-Disposition: attachment; filename*=utf-8''%E5%80%BC.csv",
      'Content-Type: application/octet-stream',
      'Content-Transfer-Encoding: base64',
      '',
      base64('c,d'),
      '--b1',
      'Content-Disposition: attachment; filename="values.csv"',
      '',
      'e,f',
      '--b1--',
    )
    const { document, files } = await unpack('a.eml', mail)
    expect(document).toMatchObject({ format: 'eml', paginated: false, title: '油壓機 E-101' })
    expect(outline(onlyPage(document))).toEqual([
      'h1: 油壓機 E-101',
      [
        'paragraph: From: 王小明 <wang@factory.example>',
        'To: maintenance@factory.example, 仕田 <s@factory.example>',
        'Date: Tue, 3 Mar 2020 09:00:00 +0800 (CST) (2020-03-03T09:00:00+08:00)',
      ].join('\n'),
      'paragraph: Attachments: the inner mail.eml, values.csv, 值.csv, values (2).csv',
      'paragraph: The pump of press 3 leaks.',
      'paragraph: Which pump?\nAnd since when?',
    ])
    expect([...files.keys()]).toEqual(['the inner mail.eml', 'values.csv', '值.csv', 'values (2).csv'])
    expect(String(files.get('the inner mail.eml'))).toMatch(/^Subject: the inner mail[\s\S]*Inner text\./)
    expect(String(files.get('values (2).csv')).trim()).toBe('e,f')
  })

  it('keeps tables of values in HTML, unpacks layout tables, and names the pictures that it shows', async () => {
    const html = `<html><body><table><tr><td><p>Hello,</p><table>
      <tr><td><p>Part</p></td><td><p>Torque</p></td></tr><tr><td>M20</td><td>90 Nm</td></tr></table></td></tr></table>
      <img src="cid:shot@x"><blockquote>Asked before.</blockquote></body></html>`
    const mail = lines(
      'Subject: Values',
      'From: a@factory.example',
      'Content-Type: multipart/related; boundary=r',
      '',
      '--r',
      'Content-Type: multipart/alternative; boundary=s',
      '',
      '--s',
      'Content-Type: text/plain',
      '',
      'Part M20 90 Nm',
      '--s',
      'Content-Type: text/html; charset=us-ascii',
      '',
      html,
      '--s--',
      '--r',
      'Content-Type: image/png; name=shot.png',
      'Content-ID: <shot@x>',
      '',
      'x',
      '--r',
      'Content-Type: image/png; name=other.png',
      'Content-ID: <other@x>',
      '',
      'y',
      '--r--',
    )
    const { document, files } = await unpack('html.eml', mail)
    expect(outline(onlyPage(document)).slice(2)).toEqual([
      'paragraph: Attachments: other.png',
      'paragraph: Pictures in the mail: shot.png',
      'paragraph: Hello,',
      'header: Part | Torque',
      'row: M20 | 90 Nm',
      'paragraph: Asked before.',
    ])
    expect([...files.keys()]).toEqual(['other.png'])
  })

  it('prefers the plain text where the HTML is a stub', async () => {
    const mail = lines(
      'Subject: Stub',
      'From: a@factory.example',
      'Content-Type: multipart/alternative; boundary=s',
      '',
      '--s',
      'Content-Type: text/plain',
      '',
      'Close the valve V12 before you open V7.',
      '--s',
      'Content-Type: text/html',
      '',
      '<p>See text.</p>',
      '--s--',
    )
    expect(onlyPage((await unpack('stub.eml', mail)).document).text).toContain('Close the valve V12')
  })

  const text = '油壓機之安全閥每十二個月測試一次，結果記錄於保養履歷表。'
  it.each([
    ['names the right charset', 'Content-Type: text/plain; charset=big5', 'big5', text],
    ['names a Western charset for Chinese', 'Content-Type: text/plain; charset=iso-8859-1', 'big5', text],
    ['names no charset', 'X-Mailer: old', 'big5', text],
    ['is in GBK', 'Content-Type: text/plain; charset=gb2312', 'gbk', '更换滤芯时必须切断电源并悬挂警示牌。'],
    ['is in Shift_JIS', 'Content-Type: text/plain; charset="Shift_JIS"', 'cp932', 'ポンプを停止してから①ﾊﾞﾙﾌﾞを閉める。'],
    [
      'has dashes and quotation marks of Windows',
      'Content-Type: text/plain; charset=windows-1252',
      'win1252',
      '“V12” – 25 °C',
    ],
  ])('is read when it %s', async (name, head, encoding, body) => {
    const subject = Buffer.concat([Buffer.from('Subject: '), iconv.encode(body, encoding)])
    const mail = lines('From: a@factory.example', subject, head, '', iconv.encode(body, encoding))
    const page = onlyPage((await unpack(`${name}.eml`, mail)).document)
    expect(page.text.split('\n\n').at(-1)).toBe(body)
    expect(page.text.split('\n\n')[0]).toBe(body)
  })

  it('that was saved as UTF-16 as a whole is read', async () => {
    const mail = lines('From: a@factory.example', 'Subject: 保養', '', '每 500 小時更換濾芯。').toString()
    for (const encoding of ['utf-16le', 'utf-16be'] as const) {
      const { document } = await unpack('wide.eml', iconv.encode(mail, encoding))
      expect(onlyPage(document).text).toMatch(/^保養[\s\S]*每 500 小時更換濾芯。$/)
    }
  })

  it('in ISO-2022-JP with half-width kana is read', async () => {
    const body = Buffer.from('\x1b$B%]%s%W\x1b(I1\x1b(J 12\x1b(B', 'latin1')
    const mail = lines(
      'From: a@factory.example',
      'Subject: x',
      'Content-Type: text/plain; charset=iso-2022-jp',
      '',
      body,
    )
    expect(onlyPage((await unpack('jis.eml', mail)).document).text).toMatch(/ポンプｱ 12$/)
  })

  it('takes the given encoding for parts that name none', async () => {
    const mail = lines('From: a@factory.example', 'Subject: x', '', iconv.encode('äöü', 'cp1250'), 'Öl')
    const { document } = await unpack('given.eml', mail, { encoding: 'utf-8' }).catch((error: unknown) => {
      expect(error).toMatchObject({ code: 'file_damaged', message: expect.stringContaining('utf-8') })
      return unpack('given.eml', lines('From: a@factory.example', 'Subject: x', '', 'x'), { encoding: 'big5' })
    })
    expect(onlyPage(document).text).toMatch(/x$/)
  })

  it('that is signed is read, in the clear and in a container', async () => {
    const clear = lines(
      'From: a@factory.example',
      'Subject: signed',
      'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary=s',
      '',
      '--s',
      'Content-Type: text/plain',
      '',
      'The torque is 90 Nm.',
      '--s',
      'Content-Type: application/pkcs7-signature; name=smime.p7s',
      '',
      'x',
      '--s--',
    )
    const { document, files } = await unpack('clear.eml', clear)
    expect(onlyPage(document).text).toMatch(/Signatures: smime\.p7s\n\nThe torque is 90 Nm\.$/)
    expect(files.size).toBe(0)
    const opaque = lines(
      'From: a@factory.example',
      'Subject: signed',
      'Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m',
      'Content-Transfer-Encoding: base64',
      '',
      signedContainer,
    )
    expect(onlyPage((await unpack('opaque.eml', opaque)).document).text).toMatch(/The torque is 90 Nm\.$/)
  })

  it('that is encrypted is mail_encrypted', async () => {
    const enveloped = lines(
      'From: a@factory.example',
      'Subject: secret',
      'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m',
      'Content-Transfer-Encoding: base64',
      '',
      base64(Buffer.from('300f06092a864886f70d010703a0023000', 'hex')),
    )
    expect(await codeOf(await folder.write('secret.eml', enveloped))).toBe('mail_encrypted')
    const pgp = lines('From: a@factory.example', 'Subject: x', '', '-----BEGIN PGP MESSAGE-----', '', 'abc')
    expect(await codeOf(await folder.write('pgp.eml', pgp))).toBe('mail_encrypted')
  })

  it('of a mailbox with one mail is read, of several is refused', async () => {
    const one = lines(
      'From a@factory.example Tue Mar  3 09:00:00 2020',
      'Subject: x',
      'From: a@factory.example',
      '',
      'body',
    )
    expect(onlyPage((await unpack('one.mbox', one)).document).text).toMatch(/body$/)
    const path = await folder.write('two.mbox', Buffer.concat([one, Buffer.from('\r\n'), one]))
    await expect(parse(path)).rejects.toMatchObject({
      code: 'format_unsupported',
      message: expect.stringMatching(/2 mails/),
    })
  })
})

/** "The torque is 90 Nm." as a part of its own, signed with a key made for this test (RFC 8551). */
const signedContainer =
  'MIIBKQYJKoZIhvcNAQcCoIIBGjCCARYCAQExDTALBglghkgBZQMEAgEwcQYJKoZIhvcNAQcBoGQEYkNvbnRlbnQtVHlwZTogdGV4dC9wbGFpbjsgY2hhcnNldD11dGYtOA0KQ29udGVudC1UcmFuc2Zlci1FbmNvZGluZzogOGJpdA0KDQpUaGUgdG9ycXVlIGlzIDkwIE5tLg0KMYGOMIGLAgEBMCQwDDEKMAgGA1UEAwwBdAIUFCXlBnvI5rBeL0dotB9BDv0MsbkwCwYJYIZIAWUDBAIBMAoGCCqGSM49BAMCBEcwRQIhAMoo0QCKk8P1fpvko5WPDUv/CYigQQFr4mPDzqqwIztEAiATC35gKAlr0gJDtDhfAzaBPJP8lEMrZsYa6Puvo/74Bg=='

describe('MSG', () => {
  const rtf = (source: string | Uint8Array): Uint8Array => {
    const body = Buffer.from(source)
    const head = Buffer.alloc(16)
    head.writeUInt32LE(body.length + 12, 0)
    head.writeUInt32LE(body.length, 4)
    head.writeUInt32LE(0x414c454d, 8)
    return Buffer.concat([head, body])
  }

  it('becomes its subject, its head, its HTML and its attachments, mails among them', async () => {
    const msg = makeMsg({
      properties: {
        26: 'IPM.Note',
        55: '壓力異常',
        3098: '王小明',
        23809: 'wang@factory.example',
        57: new Date('2020-03-03T01:00:00Z'),
        4096: 'Part 90 Nm',
        4115: Buffer.from(
          '<html><body><table><tr><td>Part</td><td>Torque</td></tr><tr><td>M20</td><td>90 Nm</td></tr></table><img src="cid:logo"></body></html>',
        ),
        16350: 65001,
      },
      recipients: [
        { 3093: 1, 12289: 'Maintenance', 14846: 'm@factory.example' },
        { 3093: 2, 12289: 'c@factory.example', 14846: 'c@factory.example' },
      ],
      attachments: [
        { properties: { 14085: 1, 14087: 'values.csv', 14081: Buffer.from('a,b\n1,2\n') } },
        { properties: { 14085: 1, 14087: 'logo.png', 14098: 'logo', 14081: Buffer.from('x') } },
        {
          properties: { 14085: 5, 12289: 'Inner' },
          mail: { properties: { 26: 'IPM.Note', 55: 'Inner', 4096: 'Inner text.' } },
        },
        { properties: { 14085: 7, 14087: 'cloud.xlsx' } },
      ],
    })
    const { document, files } = await unpack('a.msg', msg)
    expect(document).toMatchObject({ format: 'msg', paginated: false, title: '壓力異常' })
    expect(outline(onlyPage(document))).toEqual([
      'h1: 壓力異常',
      [
        'paragraph: From: 王小明 <wang@factory.example>',
        'To: Maintenance <m@factory.example>',
        'Cc: c@factory.example',
        'Date: Tue, 03 Mar 2020 01:00:00 GMT (2020-03-03T01:00:00Z)',
      ].join('\n'),
      'paragraph: Attachments: values.csv, Inner.msg',
      'paragraph: Not taken out: cloud.xlsx',
      'paragraph: Pictures in the mail: logo.png',
      'header: Part | Torque',
      'row: M20 | 90 Nm',
    ])
    expect(String(files.get('values.csv'))).toBe('a,b\n1,2\n')
    const inner = await unpack('inner.msg', files.get('Inner.msg') ?? '')
    expect(outline(onlyPage(inner.document))).toEqual(['h1: Inner', 'paragraph: Inner text.'])
  })

  it('of an old Outlook is read in its code page, also where it names the wrong one', async () => {
    const big5 = (text: string) => ({ codePage: iconv.encode(text, 'big5') })
    for (const page of [950, 1252]) {
      const msg = makeMsg({
        properties: { 26: 'IPM.Note', 55: big5('馬達過熱警報'), 4096: big5('請立即通知班長並停止進料。'), 16381: page },
      })
      const { document } = await unpack(`old-${page}.msg`, msg)
      expect(outline(onlyPage(document))).toEqual(['h1: 馬達過熱警報', 'paragraph: 請立即通知班長並停止進料。'])
    }
  })

  it('with a body in RTF only gives the HTML in it, or the text of it', async () => {
    const packed = String.raw`{\rtf1\ansi\ansicpg950\fromhtml1 \deff0{\fonttbl{\f0\fswiss;}{\f1\fcharset136 PMingLiU;}}
{\*\htmltag18 <html>}{\*\htmltag50 <body>}{\*\htmltag64 <table><tr><td>}Part{\*\htmltag72 </td><td>}\htmlrtf\cell\htmlrtf0 Torque{\*\htmltag72 </td></tr><tr><td>}M20{\*\htmltag72 </td><td>}\f1 \'a4\'40{\*\htmltag84 &nbsp;}90 Nm{\*\htmltag72 </td></tr></table>}{\*\htmltag58 </body>}}`
    const html = makeMsg({ properties: { 26: 'IPM.Note', 55: 'x', 4105: rtf(packed) } })
    expect(outline(onlyPage((await unpack('rtf-html.msg', html)).document)).slice(1)).toEqual([
      'header: Part | Torque',
      'row: M20 | 一 90 Nm',
    ])
    const plain = String.raw`{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}{\f1\fcharset128 MS Gothic;}}{\info{\title no}}\pard Close V12 \endash  \u26412?\f1\'83\'7b\f0\par\par Then {\b open} V7\'85\par}`
    const text = makeMsg({ properties: { 26: 'IPM.Note', 55: 'x', 4105: rtf(plain) } })
    expect(outline(onlyPage((await unpack('rtf.msg', text)).document)).slice(1)).toEqual([
      'paragraph: Close V12 – 本ボ',
      'paragraph: Then open V7…',
    ])
  })

  it('that is damaged or goes in circles is file_damaged', async () => {
    const good = Buffer.from(makeMsg({ properties: { 55: 'x', 4096: 'y'.repeat(9000) } }))
    expect(await codeOf(await folder.write('cut.msg', good.subarray(0, 1200)))).toBe('file_damaged')
    const circle = Buffer.from(good)
    // Every sector of the allocation table points to sector 1.
    const tableAt = (circle.readUInt32LE(76) + 1) * 512
    for (let at = tableAt; at < tableAt + 512; at += 4) circle.writeUInt32LE(1, at)
    expect(await codeOf(await folder.write('circle.msg', circle))).toBe('file_damaged')
    const endless = Buffer.from(good)
    // A stream of the directory says that it has 1.5 GB.
    const entryAt = endless.indexOf(Buffer.from('__substg1.0_1000001F', 'utf16le'))
    endless.writeUInt32LE(0x5b000000, entryAt + 120)
    expect(await codeOf(await folder.write('endless.msg', endless))).toBe('file_damaged')
  })
})

describe('ZIP', () => {
  const file = (name: string | Uint8Array, content: string, more: Partial<RawEntry> = {}): RawEntry => ({
    name,
    content: Buffer.from(content),
    ...more,
  })

  it('gives a file for each entry and a table of what became of it', async () => {
    const damaged = Buffer.from('not deflated')
    const archive = makeArchive([
      file('docs/', ''),
      file('docs/a.txt', 'first'),
      file('docs/a.txt', 'second'),
      file('__MACOSX/._a.txt', 'x'),
      file('Thumbs.db', 'x'),
      file('link', '/etc/passwd', { mode: 0o120777 }),
      file('secret.txt', 'x', { flags: 1 }),
      file('odd.txt', 'x', { method: 14 }),
      file('broken.txt', 'x', { packed: damaged }),
      file('wrong.txt', 'right', { declaredCrc: 1 }),
    ])
    const { document, files } = await unpack('manuals.zip', archive)
    expect(document).toMatchObject({ format: 'zip', paginated: false })
    expect(outline(onlyPage(document))).toEqual([
      'h1: manuals.zip',
      'header: entry | size | outcome',
      'row: docs/a.txt | 5 B | document',
      'row: docs/a (2).txt | 6 B | document',
      'row: secret.txt | 1 B | zip_entry_encrypted',
      'row: odd.txt | 1 B | format_unsupported',
      'row: broken.txt | 1 B | file_damaged',
      'row: wrong.txt | 5 B | file_damaged',
      'row: link |  | symbolic link, left out',
      'paragraph: Left out: folders 1, files of the operating system 2',
    ])
    expect([...files].map(([name, bytes]) => [name, String(bytes)])).toEqual([
      ['docs/a.txt', 'first'],
      ['docs/a (2).txt', 'second'],
    ])
  })

  it('makes paths harmless', async () => {
    const names = ['../../etc/passwd', '/abs/a.txt', 'C:\\Windows\\b.txt', 'x/./../c.txt', 'nul\0.txt', '..']
    const { files } = await unpack('slip.zip', makeArchive(names.map((name) => file(name, 'x'))))
    expect([...files.keys()]).toEqual(['etc/passwd', 'abs/a.txt', 'Windows/b.txt', 'x/c.txt', 'nul', 'unnamed'])
  })

  it.each([
    ['cp932', ['点検表.txt', '手順書/非常停止.txt']],
    ['big5', ['點檢表.txt', '作業標準/緊急停止.txt']],
    ['gbk', ['点检表.txt', '作业标准/紧急停止.txt']],
    ['cp437', ['Prüfung.txt', 'Öl/Überdruck.txt']],
    ['utf8', ['點檢表.txt', 'Öl/Überdruck.txt']],
  ])('reads names without a mark in %s', async (encoding, names) => {
    const archive = makeArchive(names.map((name) => file(iconv.encode(name, encoding), 'x')))
    expect([...(await unpack(`names-${encoding}.zip`, archive)).files.keys()]).toEqual(names)
  })

  it('that is empty, encrypted or cut says so', async () => {
    expect(await codeOf(await folder.write('empty.zip', makeArchive([])))).toBe('zip_empty')
    expect(await codeOf(await folder.write('folders.zip', makeArchive([file('a/', '')])))).toBe('zip_empty')
    const locked = makeArchive([file('a.txt', 'x', { flags: 1 })])
    expect(await codeOf(await folder.write('locked.zip', locked))).toBe('zip_entry_encrypted')
    const whole = makeArchive([file('a.txt', 'x'.repeat(1000))])
    expect(await codeOf(await folder.write('cut.zip', whole.subarray(0, 60)))).toBe('file_damaged')
  })

  it('that inflates beyond all measure is file_bomb and gives nothing, whatever it declares', async () => {
    const zeros = Buffer.alloc(80 * 2 ** 20)
    const declared = await folder.write('declared.zip', makeArchive([{ name: 'a', content: zeros }]))
    expect(await codeOf(declared)).toBe('file_bomb')
    const lying = makeArchive([file('ok.txt', 'x'), { name: 'a', content: zeros, declaredSize: 10 }])
    const taken: string[] = []
    const onAttachment = ({ entry }: { entry: string }): void => void taken.push(entry)
    expect(await codeOf(await folder.write('lying.zip', lying), { onAttachment })).toBe('file_bomb')
    expect(taken).toEqual([])
    const overlap = makeArchive([file('a', 'x'), file('b', 'x', { sharesBytes: true })])
    expect(await codeOf(await folder.write('overlap.zip', overlap))).toBe('file_bomb')
  })

  it('with more entries than are allowed is file_too_large', async () => {
    const many = makeArchive(Array.from({ length: 2001 }, (_, index) => file(`${index}.txt`, 'x')))
    expect(await codeOf(await folder.write('many.zip', many))).toBe('file_too_large')
  })
})
