/**
 * What can be said of a video without a reward: how much moves, how its neighbouring frames and
 * other videos of its prompt resemble it, how sharp and colourful it is. Pure functions of pixels
 * and image features. May depend on video. Start with {@link instructvideo.measure.Measure}.
 */
package instructvideo.measure;
