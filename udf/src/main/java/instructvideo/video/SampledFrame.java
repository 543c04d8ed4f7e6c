package instructvideo.video;

/**
 * A chosen frame of a video.
 *
 * @param index from 0 in order of display
 * @param time seconds from the first frame of the video
 */
public record SampledFrame(int index, double time, RgbFrame picture) {}
