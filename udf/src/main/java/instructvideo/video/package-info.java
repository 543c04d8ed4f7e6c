/**
 * Video files: frames in and out through ffmpeg's libraries, frames to the pixels of an encoder,
 * lists of prompts and the videos that belong to them. May depend on nn and error. Start with
 * {@link instructvideo.video.VideoReader}.
 */
package instructvideo.video;
