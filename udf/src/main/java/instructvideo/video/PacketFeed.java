package instructvideo.video;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;

import java.io.IOException;
import org.bytedeco.ffmpeg.avcodec.AVPacket;

/** The packets of a file's video stream, one after the other. */
final class PacketFeed implements AutoCloseable {

  private final VideoFile file;
  private final AVPacket packet = av_packet_alloc();
  private final Span span = new Span();
  private boolean ended;
  private boolean cut;

  PacketFeed(VideoFile file) {
    this.file = file;
  }

  /** Reads the next packet, which is good until the one after it; null at the end. */
  AVPacket next() throws IOException, VideoException, InterruptedException {
    while (!ended) {
      Ffmpeg.checkInterrupt();
      av_packet_unref(packet);
      int code = file.read(packet);
      if (code < 0) {
        file.check();
        ended = true;
        cut |= code != AVERROR_EOF();
        return null;
      }

      span.add(packet, file.tick(packet));
      if (packet.stream_index() == file.stream().index() && packet.size() > 0) {
        return packet;
      }
    }

    return null;
  }

  /** Reads on after a seek. */
  void resume() {
    ended = false;
  }

  /** Whether reading ended before the end of the file. */
  boolean isCut() {
    return cut;
  }

  /** The time of all packets that were read, those of other streams too. */
  Span span() {
    return span;
  }

  @Override
  public void close() {
    av_packet_free(packet);
  }
}
