/** Types of the character dictionaries that opencc-js ships without types: `key value value|key value|…`. */
declare module 'opencc-js/dict/*' {
  const dictionary: string

  // biome-ignore lint/style/noDefaultExport: this is the shape that the package has
  export { dictionary as default }
}
