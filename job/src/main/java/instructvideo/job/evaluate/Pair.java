package instructvideo.job.evaluate;

/**
 * A value without and with an adapter, from equal noise.
 *
 * @param base the one without
 * @param tuned the one with
 */
record Pair(
    String set,
    String promptId,
    String prompt,
    double base,
    double tuned,
    String baseUri,
    String tunedUri) {

  double difference() {
    return tuned - base;
  }

  /** Of two videos. */
  static Pair of(EvaluatedVideo base, EvaluatedVideo tuned, double baseValue, double tunedValue) {
    return new Pair(
        base.set(), base.promptId(), base.prompt(), baseValue, tunedValue, base.uri(), tuned.uri());
  }
}
