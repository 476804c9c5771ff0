"""Whole volumes cut into articles: evidence, proposal, the split table an editor corrects, and the pieces it gives."""
