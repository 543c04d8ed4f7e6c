package instructvideo.reward;

import instructvideo.error.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * Rewards of users: classes on the class path (with Spark: {@code --jars}) that a file {@code
 * META-INF/services/instructvideo.reward.ImageReward} names.
 */
public final class UserRewards {

  private UserRewards() {}

  /**
   * A new instance of the class whose reward has this name.
   *
   * @throws InvalidInputException if two have, or one cannot be loaded
   */
  public static Optional<ImageReward> find(String name) {
    List<ImageReward> found = all().stream().filter(reward -> reward.name().equals(name)).toList();
    if (found.size() > 1) {
      throw InvalidInputException.of(
          "Invalid reward %s: the class path has two of that name, %s and %s; rename one",
          name, found.get(0).getClass().getName(), found.get(1).getClass().getName());
    }

    return found.stream().findFirst();
  }

  /** Their names, sorted. */
  public static List<String> names() {
    return all().stream().map(ImageReward::name).sorted().toList();
  }

  private static List<ImageReward> all() {
    ClassLoader context = Thread.currentThread().getContextClassLoader(); // Spark's, with --jars
    ClassLoader loader = context == null ? UserRewards.class.getClassLoader() : context;
    List<ImageReward> rewards = new ArrayList<>();
    try {
      ServiceLoader.load(ImageReward.class, loader).forEach(rewards::add);
    } catch (ServiceConfigurationError e) {
      String cause = e.getCause() == null ? "" : " (" + e.getCause() + ")";
      throw new InvalidInputException(
          "Cannot load a reward from the class path: %s%s; it needs a public class with a public constructor without arguments"
              .formatted(e.getMessage(), cause),
          e);
    }

    return rewards;
  }
}
