package instructvideo.video;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGR0;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGRA;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_PAL8;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;

/** File formats that {@link VideoWriter} writes. */
public enum VideoFormat {
  /**
   * H.264 with its index in front, for any browser. Odd sizes and those below 16 grow to the right
   * and below by pixels that repeat the edge. As fine as the encoder makes it (QP 12): what is lost
   * is mostly the colour of every other pixel.
   */
  MP4("mp4", "libopenh264", AV_PIX_FMT_YUV420P, "rc_mode=quality:allow_skip_frames=0", ""),
  /** FFV1 in Matroska: the same pixels come back. */
  FFV1("matroska", "ffv1", AV_PIX_FMT_BGR0, "level=3", ""),
  /** One palette of 256 colours for all frames; endless. */
  GIF("gif", "gif", AV_PIX_FMT_PAL8, "", "loop=0"),
  /** Animated, endless, lossy. */
  WEBP("webp", "libwebp_anim", AV_PIX_FMT_BGRA, "quality=90", "loop=0"),
  /** Animated, endless: the same pixels come back. */
  APNG("apng", "apng", AV_PIX_FMT_RGB24, "", "plays=0"),
  /** The first frame: the same pixels come back. */
  PNG("image2pipe", "png", AV_PIX_FMT_RGB24, "", "");

  final String muxer;
  final String encoder;
  final int pixelFormat;
  final String encoderOptions;
  final String muxerOptions;

  VideoFormat(
      String muxer, String encoder, int pixelFormat, String encoderOptions, String muxerOptions) {
    this.muxer = muxer;
    this.encoder = encoder;
    this.pixelFormat = pixelFormat;
    this.encoderOptions = encoderOptions;
    this.muxerOptions = muxerOptions;
  }
}
