package instructvideo.unet;

import static instructvideo.nn.Functional.float32;
import static instructvideo.nn.Functional.silu;
import static instructvideo.nn.Functional.typeAs;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import instructvideo.nn.BlockRunner;
import instructvideo.nn.Conv2d;
import instructvideo.nn.GroupNorm;
import instructvideo.nn.Linear;
import instructvideo.nn.Weights;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The UNet of ModelScope text-to-video and ZeroScope: predicts the noise in a video's latents.
 * Names follow diffusers' class of the same name, whose checkpoints it reads.
 */
public final class UNet3DConditionModel {

  private final Linear timeEmbedding1;
  private final Linear timeEmbedding2;
  private final Conv2d convIn;
  private final TemporalTransformer transformerIn;
  private final List<DownBlock> downBlocks;
  private final MidBlock midBlock;
  private final List<UpBlock> upBlocks;
  private final GroupNorm convNormOut;
  private final Conv2d convOut;

  public UNet3DConditionModel(Weights weights, UNetConfig config) {
    timeEmbedding1 = weights.linear("time_embedding.linear_1");
    timeEmbedding2 = weights.linear("time_embedding.linear_2");
    convIn = weights.conv2d("conv_in", 1);
    transformerIn = new TemporalTransformer(weights.at("transformer_in"), config);
    downBlocks = weights.each("down_blocks", block -> new DownBlock(block, config));
    midBlock = new MidBlock(weights.at("mid_block"), config);
    upBlocks = weights.each("up_blocks", block -> new UpBlock(block, config));
    convNormOut = weights.groupNorm("conv_norm_out", config.normNumGroups(), config.normEps());
    convOut = weights.conv2d("conv_out", 1);
  }

  /**
   * Predicts the noise.
   *
   * @param latents (b, 4, f, h, w)
   * @param timestep of 0 to 999
   * @param promptEmbeds (b, n, d)
   * @param runner of the blocks
   * @return the predicted noise, (b, 4, f, h, w)
   */
  public NDArray forward(NDArray latents, long timestep, NDArray promptEmbeds, BlockRunner runner) {
    long numFrames = latents.getShape().get(2);
    NDArray temb = timeEmbedding(latents.getManager(), timestep); // (1, t)
    Conditioning given =
        new Conditioning(temb, typeAs(promptEmbeds, convIn.weight()), numFrames, runner);
    Deque<NDArray> skips = new ArrayDeque<>();

    NDArray x = runner.run(in -> enter(in.get(0), numFrames), latents);
    skips.push(x);
    for (DownBlock block : downBlocks) {
      x = block.forward(x, given, skips);
    }

    x = midBlock.forward(x, given);
    for (UpBlock block : upBlocks) {
      x = block.forward(x, given, skips);
    }

    return runner.run(in -> leave(in.get(0), numFrames), x);
  }

  private NDArray enter(NDArray latents, long numFrames) {
    NDArray x = convIn.forward(typeAs(Frames.fold(latents), convIn.weight())); // (b*f, c, h, w)
    return transformerIn.forward(x, numFrames);
  }

  private NDArray leave(NDArray x, long numFrames) {
    return Frames.unfold(float32(convOut.forward(silu(convNormOut.forward(x)))), numFrames);
  }

  /** cos(t w), sin(t w) with w from 1 down to 1e-4, through two linear layers. */
  private NDArray timeEmbedding(NDManager manager, long timestep) {
    long half = timeEmbedding1.weight().getShape().get(1) / 2;
    NDArray angles = manager.arange((float) half).mul(-Math.log(10000) / half).exp().mul(timestep);
    NDArray sinusoid = angles.cos().concat(angles.sin()).expandDims(0);
    NDArray h = timeEmbedding1.forward(typeAs(sinusoid, timeEmbedding1.weight()));
    return timeEmbedding2.forward(silu(h));
  }
}
