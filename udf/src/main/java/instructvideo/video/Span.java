package instructvideo.video;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import org.bytedeco.ffmpeg.avcodec.AVPacket;

/** The time that packets take on display. */
final class Span {

  private double start = Double.NaN;
  private double end = Double.NaN;
  private double gap;

  /** Takes in a packet; its tick in seconds. */
  void add(AVPacket packet, double tick) {
    long time = packet.pts() == AV_NOPTS_VALUE ? packet.dts() : packet.pts();
    if (time != AV_NOPTS_VALUE) {
      start = Double.isNaN(start) ? time * tick : Math.min(start, time * tick);
      gap = Double.isNaN(end) ? 0 : Math.max(gap, time * tick - end);
      double last = (time + Math.max(0, packet.duration())) * tick;
      end = Double.isNaN(end) ? last : Math.max(end, last);
    }
  }

  /** NaN if no packet has a time. */
  double seconds() {
    return end - start;
  }

  /** Seconds on the file's own clock at which the last packet ends; NaN if none has a time. */
  double end() {
    return end;
  }

  /** The longest time in seconds without a packet. */
  double gap() {
    return gap;
  }
}
