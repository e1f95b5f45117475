/**
 * Which encoding bytes are in, where nothing says so. In: bytes. Out: encodings, the most likely first. The likelihoods of the whole
 * sample under the models of `encoding-models.ts` are compared, so that a note of ten characters is told apart as well as a book.
 * Pure; used by `decode-text.ts` and for names in archives.
 */
import { analyse } from 'chardet'
import {
  asciiWeight,
  between,
  type EncodingModel,
  fileModels,
  invalidWeight,
  nameModels,
  type Unit,
} from './encoding-models.ts'

const sampleBytes = 32_768
const ascii: Unit = { size: 1, weight: asciiWeight, kind: 'ascii' }
const control: Unit = { size: 1, weight: invalidWeight, kind: 'ascii' }
const isControl = (byte: number): boolean => byte < 0x20 && !(between(byte, 0x09, 0x0d) || byte === 0x1b)

/** Noise is about as unlikely, for each byte above ASCII; a few rare characters are no noise. */
const noiseWeight = -6
const fewUnits = 8

/** The likelihood of the bytes under a model, as a natural logarithm; minus infinity where they are noise to it. */
const weigh = (model: EncodingModel, bytes: Uint8Array): number => {
  let sum = model.prior
  let before: Unit['kind'] = 'ascii'
  const above = { units: 0, bytes: 0, weight: 0 }
  const [leave, rest] = [Math.log(1 - Math.exp(model.stay)), Math.log(1 - Math.exp(model.begin))]
  const twoBytes = model.encoding.startsWith('utf-16')
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] ?? 0
    const unit: Unit = twoBytes || byte >= 0x80 ? model.read(bytes, at, before) : isControl(byte) ? control : ascii
    const isAscii = unit.kind === 'ascii'
    const step = before === 'ascii' ? (isAscii ? rest : model.begin) : isAscii ? leave : model.stay
    sum += unit.weight + step
    if (!isAscii) {
      above.units += 1
      above.bytes += unit.size
      above.weight += unit.weight
    }
    // Words in half-width kana stand apart: a blank does not end them.
    if (before !== 'half-kana' || byte > 0x20) before = unit.kind
    at += unit.size
  }
  return above.units > fewUnits && above.weight < noiseWeight * above.bytes ? Number.NEGATIVE_INFINITY : sum
}

/** The beginning of the file, or the part where it leaves plain ASCII if that comes later. */
const sampleOf = (bytes: Uint8Array): Uint8Array => {
  const first = bytes.findIndex((byte) => byte >= 0x80)
  const start = first < sampleBytes ? 0 : bytes.lastIndexOf(0x0a, first) + 1
  return bytes.subarray(start, start + sampleBytes)
}

const rank = (models: readonly EncodingModel[], bytes: Uint8Array): string[] => {
  const weighed = models
    .map((model) => ({ encoding: model.encoding, weight: weigh(model, bytes) }))
    .filter(({ weight }) => weight > Number.NEGATIVE_INFINITY)
  return [...new Set(weighed.sort((a, b) => b.weight - a.weight).map(({ encoding }) => encoding))]
}

/** Western and Central European encodings differ in few letters: their frequencies tell. */
const latinOrder = (bytes: Uint8Array): string[] => {
  const labels: Readonly<Record<string, string>> = {
    'windows-1252': 'windows-1252',
    'ISO-8859-1': 'windows-1252',
    'windows-1250': 'windows-1250',
    'ISO-8859-2': 'iso-8859-2',
  }
  return [...analyse(bytes).flatMap(({ name }) => labels[name] ?? []), 'windows-1252']
}

/**
 * Encodings that the bytes of a text may be in, the most likely first; none where they look like noise in each.
 * @param bytes not ASCII, not UTF-8, without a byte order mark
 */
export const guessEncodings = (bytes: Uint8Array): string[] => {
  const sample = sampleOf(bytes)
  return rank(fileModels, sample).flatMap((encoding) => (encoding === 'windows-1252' ? latinOrder(sample) : [encoding]))
}

/** As `guessEncodings`, for the names in an archive, all together. */
export const guessNameEncodings = (bytes: Uint8Array): string[] => rank(nameModels, bytes.subarray(0, sampleBytes))
