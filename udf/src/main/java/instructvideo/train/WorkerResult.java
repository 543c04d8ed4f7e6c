package instructvideo.train;

import java.util.SortedMap;

/**
 * What a worker ends a round with.
 *
 * @param weights by name
 * @param expAvg by name, empty for SGD
 * @param expAvgSq by name, empty for SGD
 */
public record WorkerResult(
    SortedMap<String, float[]> weights,
    SortedMap<String, float[]> expAvg,
    SortedMap<String, float[]> expAvgSq,
    StepMetrics metrics) {}
