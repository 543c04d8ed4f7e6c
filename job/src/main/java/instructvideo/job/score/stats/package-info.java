/**
 * What a table of scores says as a whole: ranks, standard errors, quantiles and errors, computed by
 * Spark. Knows no command. Start with {@link instructvideo.job.score.stats.ScoreSummary}.
 */
package instructvideo.job.score.stats;
