"""Scores of summaries, ours or others."""
