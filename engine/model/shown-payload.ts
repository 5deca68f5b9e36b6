/** So much of what is in a message is shown. */
export const SHOWN_PAYLOAD_BYTES = 4096;
