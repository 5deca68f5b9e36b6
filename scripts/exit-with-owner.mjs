// Preloaded into the CLI when another Node started it: ends the CLI as soon as that one is gone.
process.once('disconnect', () => process.exit(129));
process.channel?.unref();
