/**
 * The page of a table of scores: histograms, best and worst clips, errors, in one file. What is in
 * the table is untrusted. Start with {@link instructvideo.job.score.page.ScorePage}.
 */
package instructvideo.job.score.page;
