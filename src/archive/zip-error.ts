/** What can be wrong with a zip archive. */

import { PexError, type ErrorDetails } from "../base/errors.ts";
import { escapeControl } from "../base/text.ts";

/** Names each way in which an archive may be broken or hostile. */
export type ZipErrorCode =
  | "ZIP_ABSOLUTE_PATH"
  | "ZIP_BOMB"
  | "ZIP_CRC"
  | "ZIP_DIRECTORY"
  | "ZIP_DUPLICATE_NAME"
  | "ZIP_ENCRYPTED"
  | "ZIP_INFLATE"
  | "ZIP_LOCAL_MISMATCH"
  | "ZIP_METHOD"
  | "ZIP_MULTI_DISK"
  | "ZIP_NAME"
  | "ZIP_NOT_A_ZIP"
  | "ZIP_OVERLAP"
  | "ZIP_SIZE_MISMATCH"
  | "ZIP_TRAVERSAL"
  | "ZIP_TRUNCATED";

/** A zip archive that is not read any further. */
export class ZipError extends PexError {
  readonly code: ZipErrorCode;

  constructor(code: ZipErrorCode, message: string, details: ErrorDetails = {}) {
    super(escapeControl(message), details);
    this.code = code;
  }
}
