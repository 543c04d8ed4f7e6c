package instructvideo.video;

import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;

import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.javacpp.PointerPointer;

/** How ffmpeg finds out what a container's streams are: it decodes frames of some codecs. */
final class Probe {

  private Probe() {}

  /** Negative for an error; larger pictures than a decoder may make are not made here either. */
  static int findStreams(AVFormatContext format) {
    int streams = format.nb_streams();
    try (PointerPointer<AVDictionary> options = new PointerPointer<>(Math.max(1, streams))) {
      for (int i = 0; i < streams; i++) {
        AVDictionary limits = new AVDictionary(null);
        av_dict_set(limits, "max_pixels", Long.toString(PacketDecoder.MAX_PIXELS), 0);
        options.put(i, limits);
      }

      int code = avformat_find_stream_info(format, options);
      for (int i = 0; i < streams; i++) {
        av_dict_free(new AVDictionary(options.get(i))); // what was not used, or null
      }

      return code;
    }
  }
}
