/**
 * Settings: one tree of records, filled from reference.conf, a file and the command line. May
 * depend on the config records of udf. Start with {@link instructvideo.job.config.Settings}.
 */
package instructvideo.job.config;
