package instructvideo.job.evaluate;

import instructvideo.prompt.Prompt;
import java.util.List;

/**
 * Prompts that are evaluated together, such as animals that were not trained on.
 *
 * @param name not {@link EvaluationSummary#ALL}
 */
public record EvaluationSet(String name, List<Prompt> prompts) {}
