/**
 * From frames and prompts to scores, and to a loss: preprocessing, CLIP rewards, aesthetic heads,
 * sums; SegVR, TAR. Knows the models. Start with {@link instructvideo.reward.ImageReward} for
 * scoring, with {@link instructvideo.reward.VideoReward} for training.
 */
package instructvideo.reward;
