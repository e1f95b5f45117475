/**
 * Waiting that an `AbortSignal` ends: the caller goes on at once with the signal's reason, what was waited for is left to
 * finish by itself.
 */

/** @throws the signal's reason, as soon as it is aborted */
export const abortable = <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise<T>((resolve, reject) => {
    const stop = () => reject(signal.reason)
    if (signal.aborted) {
      promise.catch(() => undefined)
      stop()
      return
    }
    signal.addEventListener('abort', stop, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
