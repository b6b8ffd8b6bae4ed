"""Leaving with everything: the export of one side, and the program that verifies it without Handsel."""
