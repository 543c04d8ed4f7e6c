/**
 * What Spark's tasks run: the tables' schemas, partitions of training and preparing, models that an
 * executor keeps; and what SQL and Spark ML call: {@link instructvideo.spark.VideoFunctions},
 * {@link instructvideo.spark.VideoScorer}. Knows the train, video and model packages; the driver's
 * package knows it.
 */
package instructvideo.spark;
