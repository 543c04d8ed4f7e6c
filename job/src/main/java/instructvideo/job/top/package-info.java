/**
 * top: the best rows of a table of scores, as a list of prompts that prepare reads. Start with
 * {@link instructvideo.job.top.TopCommand}.
 */
package instructvideo.job.top;
