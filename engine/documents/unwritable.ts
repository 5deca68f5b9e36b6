import { ArchipelError } from '../model/error.ts';

export function whyUnwritable(file: string, error: unknown): ArchipelError {
  const { code, message } = error as NodeJS.ErrnoException;
  const [why, nextStep] =
    code === 'ENOENT' || code === 'ENOTDIR'
      ? ['its directory does not exist', 'Create the directory, or choose another.']
      : code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
        ? ['this user may not write there', 'Choose another directory.']
        : code === 'ENOSPC' || code === 'EDQUOT'
          ? ['the disk is full', 'Make room, then save again.']
          : [message, 'Choose another place.'];
  return new ArchipelError('file-unwritable', `${file} cannot be written: ${why}`, nextStep, { cause: error });
}
