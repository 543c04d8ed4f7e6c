/**
 * The command line and what its subcommands share: Spark's session, files behind URIs, messages.
 * Everything here runs on the driver. Start with {@link instructvideo.job.Main}.
 */
package instructvideo.job;
