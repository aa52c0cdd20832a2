/** The protocol that sends a whole file on a raw stream, as soon as it is opened. */
export const RAW_FILE = '/bench/file/1.0.0'
/** Size of the file. */
export const FILE_BYTES = 256 * 1024 * 1024
/** Bytes read from the disk and written to the stream at once. */
export const READ_BYTES = 1024 * 1024
