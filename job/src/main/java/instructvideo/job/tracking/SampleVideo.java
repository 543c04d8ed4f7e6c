package instructvideo.job.tracking;

import instructvideo.video.RgbFrame;
import instructvideo.video.VideoException;
import instructvideo.video.VideoFormat;
import instructvideo.video.VideoWriter;
import java.util.List;

/**
 * A video that a run made.
 *
 * @param name the same at every look, so that videos of one name can be leafed through
 * @param gif the file's bytes, for TensorBoard
 * @param mp4 the file's bytes, for MLflow
 */
public record SampleVideo(String name, String prompt, byte[] gif, byte[] mp4) {

  /** Encodes a video. */
  public static SampleVideo of(String name, String prompt, List<RgbFrame> frames, double fps)
      throws VideoException {
    return new SampleVideo(
        name,
        prompt,
        VideoWriter.encode(frames, fps, VideoFormat.GIF),
        VideoWriter.encode(frames, fps, VideoFormat.MP4));
  }

  long bytes() {
    return gif.length + (long) mp4.length;
  }
}
