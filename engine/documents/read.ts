import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { catalogue } from '../catalogue.ts';
import { ArchipelError } from '../model/error.ts';
import { type ParsedDocument, parseDocument } from '../model/parse.ts';
import { findJsonProblem } from './json-problem.ts';

/** Documents are written by people and by the window; a file beyond this is something else. */
const MAX_DOCUMENT_BYTES = 20 * 1024 * 1024;

export const revisionOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const unreadable = (message: string, nextStep: string, cause?: unknown): ArchipelError =>
  new ArchipelError('document-unreadable', message, nextStep, { cause });

/** The bytes of a document file, or an error that says why there are none. */
export async function readDocumentBytes(path: string): Promise<Buffer> {
  try {
    // Looked at before it is opened: opening a named pipe would wait for its writer.
    const found = await stat(path);
    if (found.isDirectory()) throw unreadable(`${path} is a directory`, 'Name a file in it.');
    if (!found.isFile()) throw unreadable(`${path} is no ordinary file`, 'Name a file that ends in .archipel.json.');
    if (found.size > MAX_DOCUMENT_BYTES) {
      const mebibytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);
      throw unreadable(
        `${path} has ${mebibytes(found.size)} MiB, and a document may have ${mebibytes(MAX_DOCUMENT_BYTES)}`,
        'Choose another file; this is hardly a document of Archipel.',
      );
    }
    return await readFile(path);
  } catch (error) {
    throw error instanceof ArchipelError ? error : whyUnreadable(path, error);
  }
}

function whyUnreadable(path: string, error: unknown): ArchipelError {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return unreadable(`there is no file ${path}`, 'Check the path.', error);
    case 'EISDIR':
      return unreadable(`${path} is a directory`, 'Name a file in it.', error);
    case 'EACCES':
    case 'EPERM':
      return unreadable(`${path} may not be read by this user`, 'Give yourself the right to read it.', error);
    default:
      return unreadable(`${path} cannot be read: ${(error as Error).message}`, 'Check the file and the disk.', error);
  }
}

/** The JSON value in the bytes of a file. */
export function parseJson(path: string, bytes: Buffer): unknown {
  if (bytes.length === 0) throw unreadable(`${path} is empty`, 'Choose another file, or start from a template.');
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    throw unreadable(`${path} is written in UTF-16`, 'Save it as UTF-8.');
  if (bytes.includes(0))
    throw unreadable(`${path} is a binary file, no JSON`, 'Choose a file that ends in .archipel.json.');
  let text: string;
  try {
    // A byte-order mark at the start, as some editors write it, is left out.
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw unreadable(`${path} is no text in UTF-8`, 'Save it as UTF-8, or choose another file.', error);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const problem = findJsonProblem(text);
    if (!problem) throw unreadable(`${path} is no JSON: ${(error as Error).message}`, 'Correct the file.', error);
    const { line, column, message, truncated } = problem;
    throw unreadable(
      `${path} is no JSON: line ${line}, column ${column}: ${message}`,
      truncated ? 'The file seems to be cut off. Take it from a backup, or complete it.' : 'Correct the file there.',
      error,
    );
  }
}

export interface ReadDocument {
  parsed: ParsedDocument;
  revision: string;
}

/** Reads and checks a file. What is wrong with the file itself is thrown, what is wrong with the document is returned. */
export async function readDocument(path: string): Promise<ReadDocument> {
  const bytes = await readDocumentBytes(path);
  return { parsed: parseDocument(parseJson(path, bytes), catalogue), revision: revisionOf(bytes) };
}
