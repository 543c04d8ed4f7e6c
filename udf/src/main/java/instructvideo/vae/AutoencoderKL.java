package instructvideo.vae;

import static instructvideo.nn.Functional.divide;
import static instructvideo.nn.Functional.float32;
import static instructvideo.nn.Functional.toUnitRange;
import static instructvideo.nn.Functional.typeAs;

import ai.djl.ndarray.NDArray;
import instructvideo.nn.BlockRunner;
import instructvideo.nn.Conv2d;
import instructvideo.nn.Weights;

/** Images to latents and back. */
public final class AutoencoderKL {

  private final Encoder encoder; // null where only the decoder was loaded
  private final Conv2d quantConv; // null as well
  private final Conv2d postQuantConv;
  private final Decoder decoder;
  private final double scalingFactor;

  public AutoencoderKL(Weights weights, VaeConfig config) {
    boolean encodes = weights.has("encoder");
    encoder = encodes ? new Encoder(weights.at("encoder"), config) : null;
    quantConv = encodes ? weights.conv2d("quant_conv", 1) : null;
    postQuantConv = weights.conv2d("post_quant_conv", 1);
    decoder = new Decoder(weights.at("decoder"), config);
    scalingFactor = config.scalingFactor();
  }

  /**
   * Pixels to latents.
   *
   * @param images (n, 3, H, W) in [-1, 1]
   * @return the scaled mode of the posterior, (n, 4, h, w)
   */
  public NDArray encode(NDArray images) {
    NDArray x = typeAs(images, quantConv.weight());
    NDArray moments = quantConv.forward(encoder.forward(x, BlockRunner.FREEING));
    return float32(moments.split(2, 1).head()).mul(scalingFactor); // mean and log variance
  }

  /**
   * Latents to pixels.
   *
   * @param latents scaled, (n, 4, h, w)
   * @return images (n, 3, H, W) in [0, 1]
   */
  public NDArray decode(NDArray latents, BlockRunner runner) {
    NDArray x = runner.run(in -> enter(in.head()), latents);
    x = decoder.forward(x, runner);
    return runner.run(in -> toUnitRange(float32(in.head())), x);
  }

  private NDArray enter(NDArray latents) {
    NDArray x = typeAs(divide(latents, scalingFactor), postQuantConv.weight());
    return postQuantConv.forward(x);
  }
}
