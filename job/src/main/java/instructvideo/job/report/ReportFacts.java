package instructvideo.job.report;

import java.util.Optional;

/** What a page is about: a run, an evaluation, or both. */
public record ReportFacts(Optional<RunFacts> run, Optional<EvaluationFacts> evaluation) {}
