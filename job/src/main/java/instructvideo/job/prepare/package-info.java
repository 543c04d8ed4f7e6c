/**
 * prepare: prompts and videos to the table that training reads, in resumable chunks. Start with
 * {@link instructvideo.job.prepare.PrepareCommand}.
 */
package instructvideo.job.prepare;
