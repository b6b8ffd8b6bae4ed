"""Stages of trust, outputs, and who reads what before it goes out."""
