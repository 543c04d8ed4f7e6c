package instructvideo.video;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MPEG4;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP8;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_CORRUPT;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_DISCARD;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avformat.AVFMT_DURATION_FROM_BITRATE;
import static org.bytedeco.ffmpeg.global.avformat.avformat_index_get_entries_count;
import static org.bytedeco.ffmpeg.global.avformat.avformat_index_get_entry;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVIndexEntry;
import org.bytedeco.ffmpeg.avformat.AVStream;

/**
 * How many frames a video has and where its key frames are, without decoding: from the container's
 * own index, or from all its packets.
 */
final class FrameIndex {

  /** The end of a file that lacks more than this of its duration is cut off. */
  private static final double MISSING_SECONDS = 0.3;

  private static final double MISSING_SHARE = 0.05;

  /** Pictures that say only that nothing changed may be no frames of their own in MPEG-4. */
  private static final int TINY = 20;

  private final boolean byDecodingTime;
  private final Span span;
  private boolean inOrder;
  private boolean seekable = true;
  private boolean truncated;
  private boolean doubtful;
  private int frames;
  private int keys;
  private long lastStamp;
  private long[] stamps = new long[16];
  private int[] before = new int[16];

  private FrameIndex(boolean byDecodingTime, Span span) {
    this.byDecodingTime = byDecodingTime;
    this.span = span;
  }

  /** Of the same video, whose frames were counted by decoding them. */
  FrameIndex counted(int number) {
    FrameIndex index = new FrameIndex(false, span);
    index.frames = number;
    index.inOrder = true;
    index.seekable = false;
    return index;
  }

  /** The container's index, null if it has none of all frames. */
  static FrameIndex ofContainer(VideoFile file) {
    AVStream stream = file.stream();
    int entries = avformat_index_get_entries_count(stream);
    boolean mov = file.container().startsWith("mov,");
    // AVI knows no times of display: frames can be found where they are stored in that order.
    boolean avi =
        file.container().equals("avi")
            && stream.codecpar().video_delay() == 0
            && entries == stream.nb_frames();
    boolean hides = stream.codecpar().codec_id() == AV_CODEC_ID_VP8;
    if (entries == 0 || stream.nb_frames() == 0 || hides || !(mov || avi)) {
      return null;
    }

    FrameIndex index = new FrameIndex(true, new Span());
    for (int i = 0; i < entries; i++) {
      AVIndexEntry entry = avformat_index_get_entry(stream, i);
      if ((entry.flags() & AVIndexEntry.AVINDEX_KEYFRAME) != 0) {
        index.addKey(entry.timestamp());
      }

      index.lastStamp = entry.timestamp();
      boolean shown = (entry.flags() & AVIndexEntry.AVINDEX_DISCARD_FRAME) == 0;
      index.frames += shown && entry.size() > 0 ? 1 : 0;
      index.doubtful |= isDoubtful(stream, entry.size());
      index.truncated |= entry.pos() + entry.size() > file.length();
    }

    return index;
  }

  /**
   * Reads all packets of a file.
   *
   * @throws VideoException if it ends before it should
   */
  static FrameIndex ofPackets(VideoFile file)
      throws IOException, VideoException, InterruptedException {
    FrameIndex index = new FrameIndex(false, new Span());
    index.seekable = !file.container().startsWith("mpeg"); // streams lead to any packet
    Span all = new Span();
    AVPacket packet = av_packet_alloc();
    boolean cut = false;
    int code;
    try {
      while ((code = file.read(packet)) >= 0) {
        Ffmpeg.checkInterrupt();
        all.add(packet, file.tick(packet));
        index.add(packet, file);
        cut = (packet.flags() & AV_PKT_FLAG_CORRUPT) != 0;
        av_packet_unref(packet);
      }
    } finally {
      av_packet_free(packet);
    }

    file.check();
    if (cut || code != AVERROR_EOF()) {
      throw new VideoException(
          "truncated or damaged after frame %d: %s"
              .formatted(index.frames - 1, Ffmpeg.text(cut ? AVERROR_EOF() : code)));
    }

    checkEnd(file, all);
    return index;
  }

  /** Refuses a file without its end: nothing says how many frames it had. */
  static void checkEnd(VideoFile file, Span span) throws VideoException {
    // AVI's duration is its number of frames, which may be wrong.
    boolean said =
        file.durationOrigin() != AVFMT_DURATION_FROM_BITRATE && !file.container().equals("avi");
    double missing = file.duration() - Math.max(span.seconds(), span.end());
    double allowed = Math.max(MISSING_SECONDS, MISSING_SHARE * file.duration());
    if (said && missing > Math.max(allowed, span.gap())) {
      throw new VideoException(
          String.format(
              Locale.ROOT,
              "truncated: %.2f s of %.2f s are there",
              span.seconds(),
              file.duration()));
    }
  }

  /** What comes before the first key frame is not shown. */
  private void add(AVPacket packet, VideoFile file) {
    if (packet.stream_index() != file.stream().index()) {
      return;
    }

    if ((packet.flags() & AV_PKT_FLAG_KEY) != 0) {
      addKey(packet.pts());
    }

    lastStamp = Math.max(lastStamp, packet.pts());
    if (keys > 0 && isShown(packet, file.stream())) {
      frames++;
      // Without times, pictures of which a cut took the first half go unnoticed.
      doubtful |= isDoubtful(file.stream(), packet.size()) || packet.pts() == AV_NOPTS_VALUE;
      span.add(packet, file.tick(packet));
    }
  }

  /** Whether a packet holds a frame for display. */
  static boolean isShown(AVPacket packet, AVStream stream) {
    boolean hidden =
        stream.codecpar().codec_id() == AV_CODEC_ID_VP8
            && packet.size() > 0
            && (packet.data().get(0) & 16) == 0; // show_frame, RFC 6386, 9.1
    return packet.size() > 0 && (packet.flags() & AV_PKT_FLAG_DISCARD) == 0 && !hidden;
  }

  private static boolean isDoubtful(AVStream stream, int size) {
    return stream.codecpar().codec_id() == AV_CODEC_ID_MPEG4 && size <= TINY;
  }

  private void addKey(long stamp) {
    if (keys == stamps.length) {
      stamps = Arrays.copyOf(stamps, 2 * keys);
      before = Arrays.copyOf(before, 2 * keys);
    }

    stamps[keys] = stamp;
    before[keys] = frames;
    keys++;
  }

  /** Frames that can be shown. */
  int frames() {
    return frames;
  }

  /** Whether frames are numbered as they come out of the decoder. */
  boolean isInOrder() {
    return inOrder;
  }

  /** Whether the container finds key frames. */
  boolean isSeekable() {
    return seekable;
  }

  /** Whether only decoding can tell how many frames there are. */
  boolean isDoubtful() {
    return doubtful;
  }

  /** Whether frames lie behind the end of the file. */
  boolean isTruncated() {
    return truncated;
  }

  /** Seconds from the first frame to the end of the last, NaN if not known. */
  double seconds() {
    return span.seconds();
  }

  /** The last key frame of which not more frames are shown before than a number; -1 for none. */
  int keyFor(int frame) {
    int low = 0;
    int high = keys;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (before[middle] <= frame) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }

    return low - 1;
  }

  /** Frames shown in the packets before a key frame. */
  int before(int key) {
    return before[key];
  }

  /**
   * A time at which the container finds a key frame: the last before the next, since MP4 takes it
   * for one of display and corrects it by what that may lie behind decoding.
   */
  long stamp(int key) {
    return key + 1 < keys ? Math.max(stamps[key], stamps[key + 1] - 1) : stamps[key] + lastGroup();
  }

  /** At most the time from the last key frame to the end. */
  private long lastGroup() {
    return Math.max(0, lastStamp - stamps[keys - 1]);
  }

  /** Which key frame a packet is; negative for none. */
  int find(AVPacket packet) {
    return Arrays.binarySearch(stamps, 0, keys, byDecodingTime ? packet.dts() : packet.pts());
  }
}
