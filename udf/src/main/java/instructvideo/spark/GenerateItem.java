package instructvideo.spark;

import java.io.Serializable;

/**
 * A video to be made.
 *
 * @param promptId with the seed and the copy it decides the noise
 * @param copy which of the videos of the prompt, from 0
 * @param adapter a name of {@link GenerateSetup#adapters}, or {@link GenerateSetup#BASE}
 * @param ddimSteps of the full chain
 */
public record GenerateItem(String promptId, String prompt, int copy, String adapter, int ddimSteps)
    implements Serializable {}
