// Preloaded into Azurite (node --require): ends it when its parent is gone.
//
// The parent holds the other end of standard input and never writes to it. Whatever ends
// the parent, kill -9 included, the system closes that end and we read end-of-file. This
// needs no signal, no thread that must outlive the fork, and works beyond Linux.
process.stdin.on('end', () => process.exit(0));
process.stdin.on('error', () => process.exit(0));
process.stdin.resume();
