/**
 * generate: videos of prompts, with adapters and without. Start with {@link
 * instructvideo.job.generate.GenerateCommand}; executors' part is {@link
 * instructvideo.spark.Generation}.
 */
package instructvideo.job.generate;
