package instructvideo.cache;

/**
 * A file of an entry as it was copied.
 *
 * @param name below the entry's folder of files
 * @param sha256 of the bytes that were received
 */
record CopiedFile(String name, long bytes, String sha256) {}
