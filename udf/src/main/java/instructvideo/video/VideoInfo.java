package instructvideo.video;

/**
 * What a file says about its video, before anything is decoded; it may be wrong.
 *
 * @param width pixels as shown, after rotation
 * @param height pixels as shown, after rotation
 * @param frames 0 if the file does not say
 * @param seconds 0 if the file does not say
 * @param fps average frames a second, 0 if the file does not say
 * @param codec ffmpeg's name, such as h264
 * @param rotation degrees clockwise by which the stored picture is turned for display: 0, 90, 180
 *     or 270
 */
public record VideoInfo(
    int width, int height, long frames, double seconds, double fps, String codec, int rotation) {}
