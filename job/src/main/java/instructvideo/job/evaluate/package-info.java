/**
 * Compares adapters with the model alone: videos from equal noise, measured from their files, and
 * what the differences mean. Start at {@code EvaluateCommand}; {@code EvaluationSummary} is what
 * others read.
 */
package instructvideo.job.evaluate;
