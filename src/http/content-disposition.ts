/**
 * The Content-Disposition header for a file name that may hold any character: an ASCII stand-in, and the name itself as
 * RFC 8187 (once RFC 5987) `filename*`.
 */
export const contentDisposition = (kind: 'inline' | 'attachment', name: string): string => {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const wellFormed = name.replace(/\p{Surrogate}/gu, '_')
  const encoded = encodeURIComponent(wellFormed).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encoded}`
}
