"""InstructVideo on Spark, from PySpark; see instructvideo.spark."""
