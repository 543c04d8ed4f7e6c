/**
 * LoRA weights as files that others read, for export and for what tells of runs. Start with {@link
 * instructvideo.job.adapter.Adapter}.
 */
package instructvideo.job.adapter;
