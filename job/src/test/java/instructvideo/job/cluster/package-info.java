/**
 * A real cluster on this machine, and faults that it survives: a standalone master, two workers,
 * drivers and an S3 server, each a JVM of its own ({@code mvn -Pcluster verify}). Start at {@link
 * instructvideo.job.cluster.Cluster}.
 */
package instructvideo.job.cluster;
