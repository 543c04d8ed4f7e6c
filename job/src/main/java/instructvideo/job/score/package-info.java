/**
 * score: videos and prompts to a table of rewards, which grows by what is new. Start with {@link
 * instructvideo.job.score.ScoreJob}.
 */
package instructvideo.job.score;
