// Preloaded into Azurite (node --require): ends it when its parent is gone.
//
// The parent holds the other end of standard input and never writes to it. Whatever ends
// the parent, kill -9 included, the system closes that end and we read end-of-file. This
// needs no signal, no thread that must outlive the fork, and works beyond Linux.
process.stdin.on('end', () => process.exit(0));
process.stdin.on('error', () => process.exit(0));
process.stdin.resume();

// Node writes its compile cache on an orderly exit, which a killed process never has.
const { flushCompileCache } = require('node:module');
if (flushCompileCache) {
  setTimeout(flushCompileCache, 1500).unref();
}
