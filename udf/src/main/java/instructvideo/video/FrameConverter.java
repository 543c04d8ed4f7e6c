package instructvideo.video;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AV_FRAME_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ411P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ422P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ440P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ444P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_side_data;
import static org.bytedeco.ffmpeg.global.avutil.av_pix_fmt_desc_get;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BILINEAR;
import static org.bytedeco.ffmpeg.global.swscale.SWS_CS_DEFAULT;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCachedContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCoefficients;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;
import static org.bytedeco.ffmpeg.global.swscale.sws_setColorspaceDetails;

import java.util.Set;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVFrameSideData;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;

/**
 * Decoded frames to RGB by swscale, with the matrix and the range that the frame is tagged with
 * (BT.601 and limited where it is not), turned as its display matrix says. Alpha is dropped.
 */
final class FrameConverter implements AutoCloseable {

  private static final Set<Integer> FULL_RANGE =
      Set.of(
          AV_PIX_FMT_YUVJ411P,
          AV_PIX_FMT_YUVJ420P,
          AV_PIX_FMT_YUVJ422P,
          AV_PIX_FMT_YUVJ440P,
          AV_PIX_FMT_YUVJ444P);

  private static final int ONE = 1 << 16; // swscale's fixed point

  private SwsContext context;

  /** The picture of a frame. */
  RgbFrame convert(AVFrame frame) throws VideoException {
    int width = frame.width();
    int height = frame.height();
    context =
        sws_getCachedContext(
            context,
            width,
            height,
            frame.format(),
            width,
            height,
            AV_PIX_FMT_RGB24,
            SWS_BILINEAR,
            null,
            null,
            (DoublePointer) null);
    if (context == null) {
      throw new VideoException("no conversion to RGB from its pixel format");
    }

    IntPointer matrix = sws_getCoefficients(frame.colorspace());
    IntPointer rgb = sws_getCoefficients(SWS_CS_DEFAULT);
    int fullRange = isFullRange(frame) ? 1 : 0;
    sws_setColorspaceDetails(context, matrix, fullRange, rgb, 1, 0, ONE, ONE);
    return orientation(frame).apply(new RgbFrame(width, height, scale(frame, width, height)));
  }

  /** As tagged; the JPEG formats and those with a single plane of grey always are. */
  private static boolean isFullRange(AVFrame frame) {
    return frame.color_range() == AVCOL_RANGE_JPEG
        || FULL_RANGE.contains(frame.format())
        || av_pix_fmt_desc_get(frame.format()).nb_components() < 3;
  }

  private byte[] scale(AVFrame frame, int width, int height) throws VideoException {
    AVFrame target = av_frame_alloc();
    try {
      target.format(AV_PIX_FMT_RGB24).width(width).height(height);
      Ffmpeg.check(av_frame_get_buffer(target, 0), "no memory for a frame");
      int rows =
          sws_scale(
              context, frame.data(), frame.linesize(), 0, height, target.data(), target.linesize());
      Ffmpeg.check(rows, "no conversion to RGB");
      byte[] pixels = new byte[Math.multiplyExact(3 * width, height)];
      for (int y = 0; y < height; y++) {
        target
            .data(0)
            .position((long) y * target.linesize(0))
            .get(pixels, 3 * width * y, 3 * width);
      }

      return pixels;
    } finally {
      av_frame_free(target);
    }
  }

  private static Orientation orientation(AVFrame frame) {
    AVFrameSideData data = av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX);
    return data == null || data.isNull()
        ? Orientation.NONE
        : Orientation.of(new IntPointer(data.data()));
  }

  @Override
  public void close() {
    if (context != null) {
      sws_freeContext(context);
    }
  }
}
