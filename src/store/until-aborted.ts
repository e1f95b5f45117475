/**
 * For libraries that can not be stopped: the caller goes on when its signal is aborted, and the call runs to its own end, unheard.
 * @throws the signal's reason
 */
export const untilAborted = <Result>(result: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> => {
  if (signal === undefined) return result
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    result.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
