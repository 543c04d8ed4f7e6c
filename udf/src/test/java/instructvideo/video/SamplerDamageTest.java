package instructvideo.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;

import instructvideo.video.FrameSamplerTest.Taken;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are cut off, damaged, mislabelled or no videos. */
class SamplerDamageTest {

  private static final FrameChoice MIDDLE = new FrameChoice.Middle(4);

  private static byte[] share(String name, double share) throws Exception {
    byte[] bytes = NumberedVideos.bytes(name);
    return Arrays.copyOf(bytes, (int) (bytes.length * share));
  }

  private static ThrowingCallable taking(byte[] file, FrameChoice choice) {
    return () -> FrameSamplerTest.take(file, choice);
  }

  @Test
  void cutFileWithItsIndexNamesTheFirstMissingFrame() throws Exception {
    byte[] half = share("bframes.mp4", 0.75);

    assertThatThrownBy(taking(half, MIDDLE))
        .isInstanceOf(VideoException.class)
        .hasMessageMatching("truncated: frame (60|84) of 96 cannot be decoded");
    assertThatThrownBy(taking(half, new FrameChoice.Every(1)))
        .isInstanceOf(VideoException.class)
        .hasMessageMatching("truncated: frame \\d\\d of 96 cannot be decoded");
  }

  /** A few bytes may say that they are gigabytes: 65535 x 65535 pixels, or many of 8000 x 8000. */
  @Test
  void picturesThatDoNotFitAreRefusedBeforeTheyAreMade() throws Exception {
    assertThatThrownBy(taking(gif(65535, 1), MIDDLE)).isInstanceOf(VideoException.class);
    assertThatThrownBy(taking(gif(8000, 12), new FrameChoice.Middle(12)))
        .isInstanceOf(VideoException.class)
        .hasMessage("its frames do not fit into the Java heap: 12 of 8000 x 8000 pixels");
  }

  /** 300 KB of a picture of 256 million pixels: ffmpeg decodes it to find out what it is. */
  @Test
  void pictureThatIsTooLargeIsNotEvenProbed() throws Exception {
    byte[] png = png(16_000);
    assertThat(FrameSamplerTest.take(png(16), new FrameChoice.Every(7)).facts().width())
        .isEqualTo(16);
    Files.writeString(Path.of("/proc/self/clear_refs"), "5"); // the peak of memory from now on
    long before = peakMegabytes();
    assertThatThrownBy(taking(png, MIDDLE)).isInstanceOf(VideoException.class);
    assertThat(peakMegabytes() - before).isLessThan(100);
  }

  private static long peakMegabytes() throws Exception {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) >> 10;
      }
    }

    throw new IllegalStateException("no VmHWM");
  }

  /** A black square. */
  private static byte[] png(int size) throws Exception {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(data, new Deflater(1))) {
      for (int y = 0; y < size; y++) {
        deflater.write(new byte[1 + size]);
      }
    }

    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    ByteBuffer header = ByteBuffer.allocate(13).putInt(size).putInt(size);
    chunk(file, "IHDR", header.put((byte) 8).array());
    chunk(file, "IDAT", data.toByteArray());
    chunk(file, "IEND", new byte[0]);
    return file.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream file, String type, byte[] bytes)
      throws Exception {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(bytes);
    file.write(ByteBuffer.allocate(4).putInt(bytes.length).array());
    file.write(name);
    file.write(bytes);
    file.write(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }

  /** GIF89a: each frame is one pixel in the corner of a large screen. */
  private static byte[] gif(int size, int frames) throws Exception {
    ByteBuffer gif = ByteBuffer.allocate(64 + 32 * frames).order(ByteOrder.LITTLE_ENDIAN);
    gif.put("GIF89a".getBytes(StandardCharsets.US_ASCII)).putShort((short) size);
    gif.putShort((short) size).put(new byte[] {(byte) 0x80, 0, 0, 0, 0, 0, -1, -1, -1});
    for (int i = 0; i < frames; i++) {
      gif.put(new byte[] {0x21, (byte) 0xf9, 4, 0, 10, 0, 0, 0, 0x2c}).putInt(0);
      gif.putShort((short) 1).putShort((short) 1).put(new byte[] {0, 2, 2, 0x4c, 1, 0});
    }

    gif.put((byte) 0x3b);
    return Arrays.copyOf(gif.array(), gif.position());
  }

  @Test
  void framesBeforeTheCutAreThere() throws Exception {
    Taken taken = FrameSamplerTest.take(share("bframes.mp4", 0.95), MIDDLE);

    assertThat(taken.numbers()).containsExactly(12, 36, 60, 84);
    assertThat(taken.facts().frames()).isEqualTo(96);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bframes.mkv", "vp9.webm", "fragmented.mp4", "mpeg4.flv", "mpeg4.avi"})
  void cutFileWithoutAnIndexIsNotAShorterVideo(String name) throws Exception {
    byte[] half = share(name, name.endsWith("avi") ? 0.75 : 0.5);

    for (FrameChoice choice : List.of(MIDDLE, new FrameChoice.Every(1))) {
      assertThatThrownBy(taking(half, choice))
          .isInstanceOf(VideoException.class)
          .hasMessageMatching(
              "truncated: \\d\\.\\d\\d s of \\d\\.\\d\\d s are there"
                  + "|truncated or damaged after frame \\d+: End of file"
                  + "|damaged: frame \\d+ cannot be decoded");
    }
  }

  @Test
  void cutFileWithoutItsIndexIsNoVideo() throws Exception {
    assertThatThrownBy(taking(share("moov_at_end.mp4", 0.5), MIDDLE))
        .isInstanceOf(VideoException.class)
        .hasMessage("not a video: Invalid data found when processing input");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Not a video, whatever its name says.\n"})
  void textIsNoVideo(String text) {
    assertThatThrownBy(taking(text.getBytes(StandardCharsets.UTF_8), MIDDLE))
        .isInstanceOf(VideoException.class)
        .hasMessage("not a video: Invalid data found when processing input");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sound.m4a", "cover.mp3"})
  void soundAndItsCoverAreNoVideo(String name) throws Exception {
    assertThatThrownBy(taking(NumberedVideos.bytes(name), MIDDLE))
        .isInstanceOf(VideoException.class)
        .hasMessage("no video stream in the file");
  }

  @Test
  void decoderThatCannotBeSetUpIsNamed() throws Exception {
    assertThatThrownBy(taking(ReaderMemoryTest.withoutDecoder(), MIDDLE))
        .isInstanceOf(VideoException.class)
        .hasMessageStartingWith("no decoder for the video stream: ");
  }

  @Test
  void cutPictureIsNoPicture() throws Exception {
    assertThatThrownBy(taking(share("still.png", 0.5), MIDDLE))
        .isInstanceOf(VideoException.class)
        .hasMessage("no frame can be decoded");
  }

  /** The second of four groups of pictures is damaged in its key frame. */
  @ParameterizedTest
  @ValueSource(strings = {"bframes.mp4", "bframes.mkv", "film.mp4.gz"})
  void onlyFramesThatDependOnDamageAreRefused(String name) throws Exception {
    byte[] file = NumberedVideos.bytes(name);
    damage(file, 24);

    Taken taken = FrameSamplerTest.take(file, new FrameChoice.First(2));
    assertThat(taken.numbers()).containsExactly(0, 48);
    assertThat(taken.facts().frames()).isEqualTo(96);
    assertThat(FrameSamplerTest.take(file, new FrameChoice.Every(48)).numbers())
        .containsExactly(0, 48);
    assertThatThrownBy(taking(file, MIDDLE))
        .isInstanceOf(VideoException.class)
        .hasMessage("damaged: frame 36 of 96 cannot be decoded");
    assertThatThrownBy(taking(file, new FrameChoice.Every(12)))
        .isInstanceOf(VideoException.class)
        .hasMessageMatching("damaged: frame 24( of 96)? cannot be decoded");
  }

  /** Overwrites most of a packet of the video. */
  private static void damage(byte[] file, int number) throws Exception {
    AVPacket packet = av_packet_alloc();
    try (VideoFile open = VideoFile.open(new ByteArraySource(file), FrameSamplerTest.TIMEOUT)) {
      int seen = -1;
      while (seen < number) {
        av_packet_unref(packet);
        Ffmpeg.check(open.read(packet), "no packet " + number);
        seen += packet.stream_index() == open.stream().index() ? 1 : 0;
      }

      int from = Math.toIntExact(packet.pos()) + 12;
      byte[] noise = new byte[Math.min(packet.size() - 16, 200)];
      new Random(1).nextBytes(noise);
      System.arraycopy(noise, 0, file, from, noise.length);
    } finally {
      av_packet_free(packet);
    }
  }

  /** AVI names its number of frames in avih and in strh. */
  @ParameterizedTest
  @ValueSource(ints = {1, 13, 100_000})
  void wrongNumberInTheHeaderIsNotBelieved(int number) throws Exception {
    byte[] file = NumberedVideos.bytes("mpeg4.avi");
    String text = new String(file, StandardCharsets.ISO_8859_1);
    ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putInt(text.indexOf("avih") + 8 + 16, number);
    buffer.putInt(text.indexOf("strh") + 8 + 32, number);

    Taken taken = FrameSamplerTest.take(file, MIDDLE);
    assertThat(taken.numbers()).containsExactly(5, 15, 25, 35);
    assertThat(taken.facts().frames()).isEqualTo(40);
  }

  /** Twelve packets of this file hold no picture, although its index counts them. */
  @Test
  void numberThatDecodingContradictsIsCountedAnew() throws Exception {
    Taken taken = FrameSamplerTest.take(NumberedVideos.bytes("not_coded.mp4"), MIDDLE);

    assertThat(taken.indices()).containsExactly(3, 10, 17, 24);
    assertThat(taken.numbers())
        .isEqualTo(
            taken.indices().stream()
                .map(NumberedVideos.named("not_coded.mp4").numbers()::get)
                .toList());
    assertThat(taken.facts().frames()).isEqualTo(28);
  }
}
