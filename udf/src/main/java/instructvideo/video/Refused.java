package instructvideo.video;

import static org.bytedeco.ffmpeg.global.avcodec.av_codec_is_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.av_codec_iterate;
import static org.bytedeco.ffmpeg.global.avformat.av_demuxer_iterate;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * Decoders and containers of FFmpeg 7.1 in which a file can write outside of their memory, and
 * which are not opened for that reason: docs/dependencies.md names the reports. To be emptied with
 * a later FFmpeg.
 */
final class Refused {

  private static final Set<String> DECODERS = Set.of("magicyuv", "jpeg2000", "exr", "sanm");
  private static final Set<String> CONTAINERS =
      Set.of("smush", "dhav", "j2k_pipe", "jpeg2000_pipe", "exr_pipe");

  /** All other decoders, as ffmpeg's option codec_whitelist takes them. */
  static final String OTHER_DECODERS = String.join(",", otherDecoders());

  /** All other containers, as ffmpeg's option format_whitelist takes them. */
  static final String OTHER_CONTAINERS = String.join(",", otherContainers());

  private Refused() {}

  /** Refuses a stream that only such a decoder could decode. */
  static void check(AVCodec codec) throws VideoException {
    String name = codec.isNull() ? "" : codec.name().getString();
    if (DECODERS.contains(name)) {
      throw new VideoException(
          "no decoder for the video stream: %s of FFmpeg 7.1 is not safe".formatted(name));
    }
  }

  private static List<String> otherDecoders() {
    List<String> names = new ArrayList<>();
    try (PointerPointer<Pointer> state = new PointerPointer<>(1)) {
      state.put(0, (Pointer) null);
      for (AVCodec codec = av_codec_iterate(state);
          codec != null;
          codec = av_codec_iterate(state)) {
        String name = codec.name().getString();
        if (av_codec_is_decoder(codec) != 0 && !DECODERS.contains(name)) {
          names.add(name);
        }
      }
    }

    return names;
  }

  private static List<String> otherContainers() {
    List<String> names = new ArrayList<>();
    try (PointerPointer<Pointer> state = new PointerPointer<>(1)) {
      state.put(0, (Pointer) null);
      AVInputFormat format = av_demuxer_iterate(state);
      while (format != null) {
        String name = format.name().getString();
        if (!CONTAINERS.contains(name)) {
          names.add(name);
        }

        format = av_demuxer_iterate(state);
      }
    }

    return names;
  }
}
