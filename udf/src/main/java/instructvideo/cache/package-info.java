/**
 * Remote models on this host: copied once however many processes want them, checked, kept within a
 * limit. Start at {@link instructvideo.cache.ModelCache}. Knows Hadoop's file systems, not Spark.
 */
package instructvideo.cache;
