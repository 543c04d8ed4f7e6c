/**
 * From frames and prompts to a loss: SegVR, TAR, preprocessing, CLIP rewards. Knows the models.
 * Start with {@link instructvideo.reward.VideoReward}.
 */
package instructvideo.reward;
