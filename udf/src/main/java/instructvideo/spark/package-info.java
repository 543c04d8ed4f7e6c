/**
 * What Spark's tasks run: the tables' schemas, partitions of training and preparing, models that an
 * executor keeps. Knows the train, video and model packages; the driver's package knows it.
 */
package instructvideo.spark;
