package instructvideo.video;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_SMPTE170M;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_PAL8;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.swscale.SWS_ACCURATE_RND;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BICUBIC;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BITEXACT;
import static org.bytedeco.ffmpeg.global.swscale.SWS_FULL_CHR_H_INP;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;

import java.util.List;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;

/** Pictures to frames of an encoder's pixel format and size. */
final class FrameEncoder implements AutoCloseable {

  private static final int FLAGS =
      SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT | SWS_FULL_CHR_H_INP;

  private final VideoFormat format;
  private final RgbFrame first;
  private final Palette palette;
  private SwsContext context;

  FrameEncoder(VideoFormat format, List<RgbFrame> frames) {
    this.format = format;
    first = frames.get(0);
    for (RgbFrame frame : frames) {
      if (frame.width() != first.width() || frame.height() != first.height()) {
        throw new IllegalArgumentException("Invalid frames: not all of one size");
      }
    }

    palette = format.pixelFormat == AV_PIX_FMT_PAL8 ? Palette.of(frames) : null;
  }

  int width() {
    return encodable(first.width());
  }

  int height() {
    return encodable(first.height());
  }

  /** H.264 has chroma for every other pixel, and the encoder makes nothing below 16. */
  private int encodable(int size) {
    return format == VideoFormat.MP4 ? Math.max(16, size + size % 2) : size;
  }

  /** A frame of which the caller becomes the owner. */
  AVFrame encode(RgbFrame picture) throws VideoException {
    if (palette != null) {
      return indexed(picture);
    }

    AVFrame rgb = rgb(picture);
    if (format.pixelFormat == AV_PIX_FMT_RGB24) {
      return rgb;
    }

    try {
      AVFrame target = allocate(format.pixelFormat);
      convert(rgb, target);
      return target;
    } finally {
      av_frame_free(rgb);
    }
  }

  private void convert(AVFrame rgb, AVFrame target) {
    if (context == null) {
      context =
          sws_getContext(
              width(),
              height(),
              AV_PIX_FMT_RGB24,
              width(),
              height(),
              format.pixelFormat,
              FLAGS,
              null,
              null,
              (DoublePointer) null);
    }

    sws_scale(context, rgb.data(), rgb.linesize(), 0, height(), target.data(), target.linesize());
    if (format == VideoFormat.MP4) {
      target.colorspace(AVCOL_SPC_SMPTE170M);
      target.color_range(AVCOL_RANGE_MPEG);
    }
  }

  /** The picture, its last column and row repeated up to the size of the video. */
  private AVFrame rgb(RgbFrame picture) throws VideoException {
    AVFrame frame = allocate(AV_PIX_FMT_RGB24);
    int row = 3 * picture.width();
    for (int y = 0; y < height(); y++) {
      int from = Math.min(y, picture.height() - 1) * row;
      BytePointer line = frame.data(0).position((long) y * frame.linesize(0));
      line.put(picture.pixels(), from, row);
      for (int x = picture.width(); x < width(); x++) {
        line.position((long) y * frame.linesize(0) + 3L * x);
        line.put(picture.pixels(), from + row - 3, 3);
      }
    }

    return frame;
  }

  private AVFrame indexed(RgbFrame picture) throws VideoException {
    AVFrame frame = allocate(AV_PIX_FMT_PAL8);
    byte[] row = new byte[picture.width()];
    for (int y = 0; y < picture.height(); y++) {
      for (int x = 0; x < row.length; x++) {
        row[x] = palette.index(picture.pixels(), 3 * (y * row.length + x));
      }

      frame.data(0).position((long) y * frame.linesize(0)).put(row, 0, row.length);
    }

    BytePointer colors = frame.data(1);
    for (int i = 0; i < 256; i++) {
      colors.putInt(4L * i, i < palette.size() ? palette.color(i) : 0xff000000);
    }

    return frame;
  }

  private AVFrame allocate(int pixelFormat) throws VideoException {
    AVFrame frame = av_frame_alloc();
    frame.format(pixelFormat).width(width()).height(height());
    Ffmpeg.check(av_frame_get_buffer(frame, 0), "no memory for a frame");
    return frame;
  }

  @Override
  public void close() {
    if (context != null) {
      sws_freeContext(context);
    }
  }
}
