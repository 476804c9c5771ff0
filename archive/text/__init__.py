"""Chinese text: folding with offsets, segmentation, passages."""
