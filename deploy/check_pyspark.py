"""Rewards of videos in a PySpark session, against the table that `score` wrote; run by check-pyspark.sh.

usage: check_pyspark.py TABLE VIDEOS REWARD CONFIG PROMPT WORK
"""

import math
import os
import sys

from pyspark.ml import Pipeline, PipelineModel
from pyspark.sql import SparkSession
from pyspark.sql.functions import col

from instructvideo.spark import VideoScorer

TOLERANCE = 2e-7  # the last bits depend on the size of batches, which VideoScorer is given below


def compare(what, expected, rows, column):
    """rows have a column path or video; every video of the table must have its score."""
    scores = {os.path.basename(row[0]): row[column] for row in rows}
    if scores.keys() != expected.keys():
        sys.exit(f"{what}: scored {sorted(scores)}, not {sorted(expected)}")
    for name, score in scores.items():
        if score is None or not math.isfinite(score) or abs(score - expected[name]) > TOLERANCE:
            sys.exit(f"{what}: {name} has {score}, score's table has {expected[name]}")
    print(f"OK: {what}: {len(scores)} videos as in score's table")


def main(table, videos, reward, config, prompt, work):
    spark = SparkSession.builder.getOrCreate()
    known = spark.read.parquet(table).where("score IS NOT NULL").collect()
    expected = {os.path.basename(row["video"]): row["score"] for row in known}
    if len(expected) < 7 or len(set(expected.values())) < 7:
        sys.exit(f"score's table has too few scores: {expected}")

    clips = spark.createDataFrame([(row["video"], row["prompt"]) for row in known], "video string, prompt string")
    clips.createOrReplaceTempView("clips")
    spark.sql(f"SET spark.instructvideo.reward.checkpoints.hpsv2={reward}")
    spark.sql(f"SET spark.instructvideo.reward.config={config}")
    rows = spark.sql("SELECT video, video_reward('hpsv2', video, prompt) r FROM clips").collect()
    compare("video_reward of paths", expected, rows, "r")

    files = spark.read.format("binaryFile").load(f"{videos}/*.{{mp4,webm,avi,mov}}")
    files.createOrReplaceTempView("files")
    rows = spark.sql(f"SELECT path, video_score('hpsv2', content, '{prompt}').score r FROM files").collect()
    compare("video_score of bytes", expected, rows, "r")

    scorer = VideoScorer(reward=f"hpsv2={reward}", rewardConfig=config, inputCol="video", batch=3, decodeTimeout=60)
    compare("VideoScorer", expected, scorer.transform(clips).collect(), "score")
    if scorer.getBatch() != 3 or scorer.getSegments() != 4 or scorer.setSeed(5_000_000_000).getSeed() != 5_000_000_000:
        sys.exit(f"the parameters are {scorer.explainParams()}")

    Pipeline(stages=[scorer]).write().overwrite().save(f"{work}/pipeline")
    model = Pipeline.load(f"{work}/pipeline").fit(clips)
    model.write().overwrite().save(f"{work}/pipeline-model")
    loaded = PipelineModel.load(f"{work}/pipeline-model")
    stage = loaded.stages[0]
    if type(stage) is not VideoScorer or stage.uid != scorer.uid or stage.getReward() != [f"hpsv2={reward}"]:
        sys.exit(f"the loaded stage is {stage!r}: {stage.explainParams()}")
    compare("VideoScorer in a saved pipeline", expected, loaded.transform(clips).collect(), "score")

    scorer.write().overwrite().save(f"{work}/scorer")
    missing = spark.createDataFrame([("/nowhere.mp4", prompt)], "video string, prompt string")
    row = VideoScorer.load(f"{work}/scorer").transform(missing).where(col("score").isNull()).first()
    if row is None or row["error"] != "no such file":
        sys.exit(f"a video that is not there gave {row}")

    try:
        scorer.copy().setInputCol("clip").transform(clips)
        sys.exit("a column that is not there was taken")
    except Exception as error:
        if "Invalid inputCol: clip; there is no such column" not in str(error):
            raise
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
