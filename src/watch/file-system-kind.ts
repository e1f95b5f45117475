/**
 * Whether the operating system tells of changes in a folder. It does not for what other machines write to a network share, so such folders
 * are compared again and again instead.
 */
import { statfs } from 'node:fs/promises'

/** Types of `statfs` on Linux (linux/magic.h and the file systems' own sources) behind which other machines may write. */
const sharedTypes = new Set([
  0x6969, // NFS
  0x517b, // SMB
  0xff534d42, // CIFS
  0xfe534d42, // SMB 2 and 3
  0x65735546, // FUSE: sshfs, rclone, GlusterFS and others
  0x01021997, // 9P
  0x5346414f, // AFS
  0x73757245, // Coda
  0x00c36400, // Ceph
  0x0bd00bd0, // Lustre
  0x19830326, // BeeGFS
  0x47504653, // GPFS
  0x786f4256, // folders of a VirtualBox host
])

/** @throws the file system's error */
export const isShared = async (folder: string): Promise<boolean> => {
  // Network paths of Windows.
  if (folder.startsWith('\\\\')) return true
  const { type } = await statfs(folder)
  return process.platform === 'linux' && sharedTypes.has(type >>> 0)
}
