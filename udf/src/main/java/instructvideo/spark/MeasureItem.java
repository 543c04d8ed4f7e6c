package instructvideo.spark;

import java.io.Serializable;

/**
 * A video to measure.
 *
 * @param key tells it apart from the others
 * @param uri of its file
 * @param prompt that rewards score it for
 */
public record MeasureItem(String key, String uri, String prompt) implements Serializable {}
