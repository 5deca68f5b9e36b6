/** An error reply. Its text begins with a code in capitals, as Redis' do. */
export class RespError extends Error {}

/** The bytes are no request; the connection cannot go on. */
export class ProtocolError extends RespError {
  constructor(what: string) {
    super(`ERR Protocol error: ${what}`);
  }
}

export const syntaxError = (): RespError => new RespError('ERR syntax error');
export const notAnInteger = (): RespError => new RespError('ERR value is not an integer or out of range');
export const notAFloat = (): RespError => new RespError('ERR value is not a valid float');
export const noSuchKey = (): RespError => new RespError('ERR no such key');
export const outOfMemory = (): RespError => new RespError("OOM command not allowed when used memory > 'maxmemory'.");
export const diskFull = (): RespError =>
  new RespError('MISCONF Errors writing to the AOF file: No space left on device');
export const wrongArity = (command: string): RespError =>
  new RespError(`ERR wrong number of arguments for '${command}' command`);
export const invalidExpire = (command: string): RespError =>
  new RespError(`ERR invalid expire time in '${command}' command`);
export const unknownSubcommand = (command: string, subcommand: string): RespError =>
  new RespError(`ERR unknown subcommand '${subcommand}'. Try ${command.toUpperCase()} HELP.`);
export const wrongType = (): RespError =>
  new RespError('WRONGTYPE Operation against a key holding the wrong kind of value');
export const indexOutOfRange = (): RespError => new RespError('ERR index out of range');
