"""`wenshi serve` and `wenshi demo`."""
