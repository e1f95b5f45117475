/** Codes of the machine that Kura runs on, its data folder and its processes. Joined with the others in errors.ts. */
import type { ErrorCodeEntry } from './error-entry.ts'

export const operationErrors = {
  setting_invalid: {
    kind: 'operator',
    status: 500,
    title: 'A setting is not valid',
    remedy: 'See `kura config` for what it may be.',
  },
  auth_required: {
    kind: 'operator',
    status: 500,
    title: 'Without login only a loopback address may be served',
    remedy: 'Set KURA_HOST to 127.0.0.1.',
  },
  port_in_use: {
    kind: 'operator',
    status: 500,
    title: 'The port is taken',
    remedy: 'Stop the other program, or set KURA_PORT.',
  },
  data_not_writable: {
    kind: 'operator',
    status: 500,
    title: 'The data folder can not be written',
    remedy: 'Check the owner and rights of the folder, or set KURA_DATA.',
  },
  data_newer: {
    kind: 'operator',
    status: 500,
    title: 'The data folder was written by a newer version',
    remedy: 'Install that version of Kura or a newer one.',
  },
  data_damaged: {
    kind: 'operator',
    status: 500,
    title: 'The ledger can not be read',
    remedy: 'Restore the data folder from a backup.',
  },
  original_missing: {
    kind: 'operator',
    status: 500,
    title: 'The uploaded file is not in the data folder any more',
    remedy: 'Restore the data folder from a backup, or upload the file again.',
  },
  disk_full: { kind: 'operator', status: 507, title: 'The disk is full', remedy: 'Free some space and try again.' },
  index_damaged: {
    kind: 'operator',
    status: 503,
    title: 'The index can not be read',
    remedy: 'Stop Kura, delete the index folder and start again: it is built anew from the originals.',
  },
  index_incomplete: {
    kind: 'transient',
    status: 503,
    title: 'The index does not hold every document yet',
    remedy: 'Wait until it is built; see `kura models` for how far it is.',
  },
  index_failed: {
    kind: 'transient',
    status: 503,
    title: 'The index did not do what was asked',
    remedy: 'Try again; if it stays, see `kura doctor`.',
  },
  data_busy: {
    kind: 'transient',
    status: 503,
    title: 'The ledger is in use by another process',
    remedy: 'Try again in a few seconds.',
  },
  job_abandoned: {
    kind: 'operator',
    status: 500,
    title: 'The worker ended several times while it worked on this document',
    remedy: 'Look for the reason in the log, then retry the job.',
  },
  server_unreachable: {
    kind: 'operator',
    status: 503,
    title: 'The Kura server can not be reached',
    remedy: 'Check --url and that the server runs.',
  },
  server_stopping: {
    kind: 'transient',
    status: 503,
    title: 'The server is being stopped',
    remedy: 'Ask again when it is up.',
  },
  internal: {
    kind: 'bug',
    status: 500,
    title: 'Something unexpected went wrong',
    remedy: 'See the log under the request id, and report it.',
  },
} as const satisfies Record<string, ErrorCodeEntry>
