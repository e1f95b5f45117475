/**
 * What a source of model files gets and gives. A source writes only into the work folder, which belongs to this one pull, and
 * leaves there what a later pull can go on with. It gives the path of the whole file, unchecked; the caller checks and moves it.
 */
export interface SourceContext {
  /** Exists; holds what an interrupted pull left. */
  readonly workFolder: string
  /** Size of the whole file. */
  readonly totalBytes: number
  readonly signal: AbortSignal
  /** Bytes of the whole file that are here. */
  readonly report: (doneBytes: number) => void
}

/** The engines of the sources; the defaults are right everywhere but in tests and behind a mirror. */
export interface SourceTools {
  /** Command that takes pip's arguments. @default ['python3', '-m', 'pip'] */
  readonly pip?: readonly string[]
  /** Base URL of Hugging Face or a mirror of it, with a slash at the end. */
  readonly huggingFaceUrl?: string
  /** How long a source may stay silent before it is given up. @default 60_000 */
  readonly stallMs?: number
}
