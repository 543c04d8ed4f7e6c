/**
 * Reference cases: the inputs of one training step and what PyTorch computes from them. Read {@link
 * instructvideo.job.reference.ReferenceStep} first.
 */
package instructvideo.job.reference;
