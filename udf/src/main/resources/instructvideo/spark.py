"""Rewards of videos as a stage of pyspark.ml.

    spark-submit --jars instructvideo.jar,pytorch-native-cpu.jar --py-files instructvideo.jar script.py
"""

from pyspark import keyword_only
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.util import JavaMLReadable, JavaMLWritable
from pyspark.ml.wrapper import JavaTransformer

__all__ = ["VideoScorer"]


def toListStringOrString(value):
    """One text or several; pyspark knows converters to lists by the beginning of their names."""
    return [value] if isinstance(value, str) else TypeConverters.toListString(value)


class VideoScorer(JavaTransformer, JavaMLReadable, JavaMLWritable):
    """Scores the videos of a column by rewards.

    Rows keep their columns; one that cannot be scored has null and a reason. explainParams() tells the defaults.

        VideoScorer(reward="hpsv2=HPS_v2.1_compressed.pt", inputCol="video").transform(clips)
    """

    reward = Param(Params._dummy(), "reward", "rewards: NAME=PATH of a model, NAME of a class on the class path, or a sum such as 0.7*hpsv2+0.3*aesthetic of the others", toListStringOrString)
    heads = Param(Params._dummy(), "heads", "NAME=PATH of an aesthetic head on the image features of the reward NAME", toListStringOrString)
    fit = Param(Params._dummy(), "fit", "NAME=FIT of a reward: pad or crop; default: crop under a head, else pad", toListStringOrString)
    rewardConfig = Param(Params._dummy(), "rewardConfig", "OpenCLIP model config (JSON) of a state dict whose architecture is not built in", TypeConverters.toString)
    inputCol = Param(Params._dummy(), "inputCol", "column of the videos: path or URI (string) or bytes (binary)", TypeConverters.toString)
    promptCol = Param(Params._dummy(), "promptCol", "column of the prompts, string; need not be there unless it is set", TypeConverters.toString)
    prompt = Param(Params._dummy(), "prompt", "prompt of the videos without one", TypeConverters.toString)
    outputCol = Param(Params._dummy(), "outputCol", "column of the score, double; of several rewards, a column outputCol_NAME for each", TypeConverters.toString)
    errorCol = Param(Params._dummy(), "errorCol", "column of the reason why there is no score, string; null if there is one", TypeConverters.toString)
    detailsCol = Param(Params._dummy(), "detailsCol", "column of a struct as SQL's video_score returns it, empty for none; of several rewards, detailsCol_NAME for each", TypeConverters.toString)
    frameChoice = Param(Params._dummy(), "frameChoice", "frames that are scored: middle, first or random of each of as many spans as segments, every (see there), or all", TypeConverters.toString)
    segments = Param(Params._dummy(), "segments", "frames scored per video", TypeConverters.toInt)
    every = Param(Params._dummy(), "every", "step of frameChoice every", TypeConverters.toInt)
    interpolation = Param(Params._dummy(), "interpolation", "how frames are resized: bicubic or bilinear", TypeConverters.toString)
    batch = Param(Params._dummy(), "batch", "frames that the models take at once; 0: 16 on a GPU, 4 on a CPU", TypeConverters.toInt)
    decodeThreads = Param(Params._dummy(), "decodeThreads", "videos that an executor decodes at the same time; 0: as many as it has cores", TypeConverters.toInt)
    decodeTimeout = Param(Params._dummy(), "decodeTimeout", "seconds after which a video is given up", TypeConverters.toFloat)
    seed = Param(Params._dummy(), "seed", "of frameChoice random", TypeConverters.toInt)
    threads = Param(Params._dummy(), "threads", "batches that are scored at once on a CPU; 0: as many as there are cores", TypeConverters.toInt)
    precision = Param(Params._dummy(), "precision", "of the models: float32, float16 or bfloat16", TypeConverters.toString)

    @keyword_only
    def __init__(
        self,
        *,
        reward=None,
        heads=None,
        fit=None,
        rewardConfig=None,
        inputCol=None,
        promptCol=None,
        prompt=None,
        outputCol=None,
        errorCol=None,
        detailsCol=None,
        frameChoice=None,
        segments=None,
        every=None,
        interpolation=None,
        batch=None,
        decodeThreads=None,
        decodeTimeout=None,
        seed=None,
        threads=None,
        precision=None,
    ):
        super().__init__()
        given = {name: value for name, value in self._input_kwargs.items() if value is not None}
        try:
            self._java_obj = self._new_java_obj("instructvideo.spark.VideoScorer", self.uid)
        except TypeError as error:  # what py4j says where the JVM has no such class
            raise ImportError(
                "Cannot find instructvideo.spark.VideoScorer on Spark's class path: give instructvideo.jar with --jars or spark.jars"
            ) from error
        for name in ("reward", "heads", "fit"):
            self._setDefault(**{name: []})
        self._transfer_params_from_java()  # the other defaults
        self._set(**given)

    @keyword_only
    def setParams(self, **given):
        """Sets those that are given, by their names."""
        return self._set(**given)


def _add_accessors():
    """setInputCol(value) and getInputCol(), and so on."""

    def add(name):
        title = name[0].upper() + name[1:]

        def setter(self, value):
            return self._set(**{name: value})

        def getter(self):
            return self.getOrDefault(name)

        setter.__doc__ = f"Sets {name}; see explainParam({name!r})."
        getter.__doc__ = f"The value of {name}, or its default."
        setattr(VideoScorer, "set" + title, setter)
        setattr(VideoScorer, "get" + title, getter)

    for name, value in list(vars(VideoScorer).items()):
        if isinstance(value, Param):
            add(name)


_add_accessors()
