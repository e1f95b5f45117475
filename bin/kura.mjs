#!/usr/bin/env node
// The `kura` command: runs the TypeScript sources as they are, so that there is no build step that can go stale.
import { register } from 'tsx/esm/api'

register()
await import('../src/cli/main.ts')
