package instructvideo.spark.doctor;

import instructvideo.video.RgbFrame;
import instructvideo.video.VideoException;
import instructvideo.video.VideoFormat;
import instructvideo.video.VideoReader;
import instructvideo.video.VideoWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Whether ffmpeg's libraries load, encode and decode. */
final class VideoCheck {

  private static final int SIZE = 64;
  private static final int FRAMES = 4;
  private static final int TOLERANCE = 24; // of 255; mp4 loses some

  private VideoCheck() {}

  static Check run() throws IOException, VideoException {
    List<RgbFrame> frames = new ArrayList<>();
    for (int i = 0; i < FRAMES; i++) {
      byte[] pixels = new byte[SIZE * SIZE * 3];
      Arrays.fill(pixels, (byte) (40 + 50 * i));
      frames.add(new RgbFrame(SIZE, SIZE, pixels));
    }

    byte[] clip = VideoWriter.encode(frames, 8, VideoFormat.MP4);
    try (VideoReader reader = VideoReader.open(clip)) {
      List<RgbFrame> read = reader.readAll(FRAMES + 1);
      boolean isRight = read.size() == FRAMES;
      for (int i = 0; isRight && i < FRAMES; i++) {
        int grey = read.get(i).pixels()[SIZE * SIZE] & 0xff;
        isRight = Math.abs(grey - (40 + 50 * i)) <= TOLERANCE;
      }

      return isRight
          ? Check.ok("ffmpeg", "a clip of %d frames, encoded and decoded".formatted(FRAMES))
          : Check.fail(
              "ffmpeg",
              "a clip of %d frames came back as %d others".formatted(FRAMES, read.size()),
              "the libraries in instructvideo.jar are damaged: build it again");
    }
  }
}
