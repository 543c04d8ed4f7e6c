package instructvideo.video;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_CORRUPT;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import java.io.IOException;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * A place among the frames of a video, which moves forward. Each frame has the number that decoding
 * all of them in turn would give it, wherever decoding began and whatever could not be decoded.
 */
final class FrameCursor implements AutoCloseable {

  /** So many frames are decoded as fast as a seek skips them. */
  private static final int NEAR = 8;

  private final VideoFile file;
  private final FrameIndex frames;
  private final PacketDecoder decoder;
  private final DisplayOrder order = new DisplayOrder();
  private final Span shown = new Span();
  private final FrameConverter converter = new FrameConverter();
  private final PacketFeed packets;
  private final AVFrame frame;
  private final FrameClock clock;
  private int index = -1;
  private boolean whole;
  private boolean seekable;
  private boolean landing; // the next packet is the first after a seek
  private boolean arriving; // the next frame is the first after a seek
  private int arrival; // number of that frame
  private int landed; // key frame at which decoding began
  private long floor = Long.MIN_VALUE; // what is shown before lacks the frames it depends on
  private boolean keySeen;
  private boolean suspect; // packets since the last damage, up to a key frame
  private boolean suspectShown; // frames likewise
  private boolean damaged;
  private boolean sparse;

  /**
   * Begins before the first frame of a file at its first packet.
   *
   * @param frames null if they are not known
   */
  FrameCursor(VideoFile file, FrameIndex frames) throws VideoException {
    this.file = file;
    this.frames = frames;
    decoder = new PacketDecoder(file.stream(), file.codec()); // may fail, so before the others
    packets = new PacketFeed(file);
    frame = av_frame_alloc();
    seekable = frames != null && frames.isSeekable();
    clock = new FrameClock(file);
  }

  /** Number of the current frame, from 0; -1 before the first. */
  int index() {
    return index;
  }

  /** Seconds from the first frame of the video to the current one. */
  double time() {
    return clock.time();
  }

  /** Whether the current frame and all that it depends on are free of damage. */
  boolean isWhole() {
    return whole;
  }

  /** Whether anything that was read could not be decoded. */
  boolean isDamaged() {
    return damaged;
  }

  /** Whether frames that were promised did not come, although nothing is damaged. */
  boolean isSparse() {
    return sparse;
  }

  /** Whether reading ended before the end of the file. */
  boolean isCut() {
    return packets.isCut();
  }

  /** Number of frames that did not come after the current one, which was the last. */
  int missing() {
    return damaged ? order.pending() : 0;
  }

  /** Seconds from the first frame to the end of the last that was read; NaN if not known. */
  double seconds() {
    return shown.seconds();
  }

  /** The time of all packets that were read. */
  Span span() {
    return packets.span();
  }

  /** The current frame. */
  SampledFrame sample(int number) throws VideoException {
    return new SampledFrame(number, clock.time(), converter.convert(frame));
  }

  /**
   * Moves to a frame after the current one.
   *
   * @return whether it is there and whole
   */
  boolean moveTo(int target) throws IOException, VideoException, InterruptedException {
    int key = seekable && !order.isUntimed() ? frames.keyFor(target) : -1;
    if (key > 0 && frames.before(key) > order.sent() + NEAR) {
      seek(key);
    }

    boolean more = advance(target);
    if (more && index > target && arrival > target && landed > 0) {
      // It is shown before the key frame at which decoding began, but stored behind it.
      seek(landed - 1);
      more = advance(target);
    }

    return more && index == target && whole;
  }

  private boolean advance(int target) throws IOException, VideoException, InterruptedException {
    while (index < target) {
      if (!next()) {
        return false;
      }
    }

    return true;
  }

  private void seek(int key) throws IOException, VideoException {
    int code = file.seek(frames.stamp(key));
    decoder.flush();
    reset();
    landing = true;
    landed = key;
    if (code < 0) {
      restart();
    }
  }

  /**
   * Goes to a time of a file without an index; frames have no exact numbers from then on.
   *
   * @return whether the container can
   */
  boolean seekTime(double seconds) {
    int code = file.seek(clock.ticks(seconds));
    decoder.flush();
    reset();
    landing = true;
    return code >= 0;
  }

  /** Begins at the first packet and seeks no more. */
  private void restart() throws IOException, VideoException {
    seekable = false;
    file.reopen();
    file.discardOthers();
    decoder.flush();
    reset();
  }

  private void reset() {
    order.start(0);
    index = -1;
    landed = 0;
    landing = false;
    floor = Long.MIN_VALUE;
    keySeen = false;
    suspect = false;
    suspectShown = false;
    damaged = false;
    arriving = false;
    packets.resume();
  }

  /**
   * Decodes the next frame.
   *
   * @return false after the last
   */
  boolean next() throws IOException, VideoException, InterruptedException {
    while (true) {
      file.check();
      Ffmpeg.checkInterrupt();
      int code = decoder.receive(frame);
      if (code == AVERROR_EOF()) {
        return false;
      }

      if (code == AVERROR_EAGAIN()) {
        feed();
      } else if (code < 0) {
        damage();
      } else if (frame.pts() == AV_NOPTS_VALUE || frame.pts() >= floor) {
        place();
        return true;
      }
    }
  }

  private void place() {
    boolean first = index < 0 && landed == 0;
    int number = order.isUntimed() ? index + 1 : order.place(frame.pts());
    if (frames == null && !damaged && number > index + 1) {
      order.renumber(index + 1, number); // packets without a frame of their own
      number = index + 1;
    }

    boolean counted = order.isUntimed() || (frames != null && frames.isInOrder());
    sparse |= !counted && !damaged && !arriving && number > index + 1;
    index = counted ? index + 1 : Math.max(index + 1, number);
    arrival = arriving ? index : arrival;
    arriving = false;
    suspectShown = !PacketDecoder.isWhole(frame) || (suspectShown && !PacketDecoder.isKey(frame));
    damaged |= suspectShown;
    whole = !suspectShown && !(counted ? damaged : order.isSuspect());
    clock.show(frame, first && damaged ? order.earliest() : AV_NOPTS_VALUE, index);
  }

  private void damage() {
    if (keySeen) {
      damaged = true;
      suspect = true;
      order.damage();
    }
  }

  /** Gives the decoder the stream's next packet, or the end. */
  private void feed() throws IOException, VideoException, InterruptedException {
    AVPacket packet = packets.next();
    if (packet == null) {
      damaged |= packets.isCut();
      decoder.drain();
      return;
    }

    boolean key = (packet.flags() & AV_PKT_FLAG_KEY) != 0;
    if (landing && !land(packet, key)) {
      return;
    }

    keySeen |= key;
    suspect &= !key;
    if (keySeen && FrameIndex.isShown(packet, file.stream())) {
      order.send(packet.pts(), suspect);
      shown.add(packet, file.tick(packet));
    }

    if ((packet.flags() & AV_PKT_FLAG_CORRUPT) != 0 || decoder.send(packet) < 0) {
      damage();
    }
  }

  /** Finds out where a seek led to. */
  private boolean land(AVPacket packet, boolean key) throws IOException, VideoException {
    if (frames == null) {
      landing = !key;
      floor = key ? packet.pts() : floor;
      return key;
    }

    int found = frames.find(packet);
    if (found < 0 || found > landed || packet.pts() == AV_NOPTS_VALUE) {
      restart();
      return false;
    }

    landing = false;
    landed = found;
    arriving = true;
    keySeen = true; // by the index, whatever a damaged packet says of itself
    floor = packet.pts();
    order.start(frames.before(found));
    index = frames.before(found) - 1;
    return true;
  }

  @Override
  public void close() {
    converter.close();
    av_frame_free(frame);
    packets.close();
    decoder.close();
  }
}
