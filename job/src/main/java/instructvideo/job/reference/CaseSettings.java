package instructvideo.job.reference;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import instructvideo.diffusion.SamplerConfig;
import instructvideo.error.InvalidInputException;
import instructvideo.optim.Optimizer;
import instructvideo.optim.OptimizerConfig;
import instructvideo.reward.Interpolation;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * case.json of a reference case.
 *
 * @param alpha of the LoRA weights; null where the file does not say, for rank
 * @param interpolation bicubic or bilinear
 * @param lr of the one AdamW step
 */
record CaseSettings(
    List<String> prompts,
    int batch,
    int frames,
    int height,
    int width,
    int rank,
    Double alpha,
    int segments,
    double lambdaTar,
    double guidanceScale,
    int ddimSteps,
    double startingPartial,
    int gradSteps,
    String interpolation,
    double lr) {

  private static final Gson GSON =
      new GsonBuilder()
          .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
          .create();

  static CaseSettings read(Path file) {
    try (Reader reader = Files.newBufferedReader(file)) {
      CaseSettings settings = GSON.fromJson(reader, CaseSettings.class);
      if (settings == null) {
        throw InvalidInputException.of("Cannot read %s: it is empty", file);
      }

      settings.check(file);
      return settings;
    } catch (NoSuchFileException e) {
      throw new InvalidInputException(
          "Cannot read %s: no such file; --case is a directory that make_case.py wrote"
              .formatted(file),
          e);
    } catch (JsonParseException | IOException e) {
      throw new InvalidInputException(
          "Cannot read %s: not the settings of a case: %s".formatted(file, e.getMessage()), e);
    }
  }

  Interpolation frameInterpolation() {
    return Interpolation.valueOf(interpolation.toUpperCase(Locale.ROOT));
  }

  double loraScale() {
    return alpha == null ? 1.0 : alpha / rank;
  }

  SamplerConfig sampler() {
    try {
      SamplerConfig all =
          new SamplerConfig(ddimSteps, startingPartial, guidanceScale, 1, "", 0, 0.1);
      return all.withGradSteps(Math.min(gradSteps, all.numSteps()));
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException("Invalid case.json: " + e.getMessage(), e);
    }
  }

  /** AdamW at its beginning, without decay and clipping, as make_case.py makes its one step. */
  Optimizer optimizer() {
    OptimizerConfig config =
        new OptimizerConfig(
            OptimizerConfig.Name.ADAMW,
            lr,
            0.9,
            0.999,
            StepTolerance.EPS,
            0,
            0,
            0,
            OptimizerConfig.Schedule.CONSTANT);
    return Optimizer.of(config, new Optimizer.Moments(Map.of(), Map.of()), 0);
  }

  private void check(Path file) {
    int[] counts = {batch, frames, height, width, rank, segments, ddimSteps, gradSteps};
    if (prompts == null || interpolation == null || Arrays.stream(counts).anyMatch(n -> n < 1)) {
      throw InvalidInputException.of(
          "Invalid %s: prompts, interpolation, batch, frames, height, width, rank, segments,"
              + " ddim_steps and grad_steps must all be there and above 0",
          file);
    }

    if (prompts.size() != batch || frames < segments) {
      throw InvalidInputException.of(
          "Invalid %s: %d prompts for batch %d, %d segments of %d frames",
          file, prompts.size(), batch, segments, frames);
    }

    if (Arrays.stream(Interpolation.values())
        .noneMatch(known -> known.name().equalsIgnoreCase(interpolation))) {
      throw InvalidInputException.of(
          "Invalid interpolation in %s: %s; must be bicubic or bilinear", file, interpolation);
    }
  }
}
